import { html } from 'lit';
import * as format from '../model/format.js';
import { sparkline } from '../model/sparkline.js';

const BOX = { width: 120, height: 32, margin: 3 };

/** How the best value grew, as a small picture with words for those who cannot see it. */
export function bestSoFar(growth, metric) {
  const drawn = sparkline(growth, BOX);
  if (!drawn) return html`<span class="quiet">${format.MISSING}</span>`;
  const first = format.metric(metric, growth.steps[0].value);
  const last = format.metric(metric, growth.steps[growth.steps.length - 1].value);
  const words = growth.steps.length === 1 ? `${last} from the first trial on` : `from ${first} to ${last}`;
  return html`<svg class="sparkline" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img"
    aria-label="Best value over ${format.plural(growth.trials, 'finished trial')}: ${words}">
    <path class="area" d=${drawn.area}></path><path class="line" d=${drawn.line}></path>
    <circle cx=${drawn.end[0]} cy=${drawn.end[1]} r="2.6"></circle></svg>`;
}
