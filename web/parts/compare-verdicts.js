import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { place, reach, shortName } from '../model/compare.js';
import { mark } from './compare-marks.js';
import { look } from './look.js';

/** Every trial against the reference: in words, and as an interval about zero. */
export function verdicts({ trials, pairs, reference }) {
  const end = reach(pairs);
  const byId = new Map(trials.map((trial, index) => [trial.id, { trial, index }]));
  const named = (id) => byId.get(id);
  return html`<ul class="verdicts">${pairs.map((pair) => {
    const { trial, index } = named(pair.trial);
    return html`<li>
      <h3>${mark(index)}<bdi>${shortName(trial, trials)}</bdi> ${pair.test ? html`<span class="chip" data-verdict=${pair.distinguishable ? 'yes' : 'no'}>${pair.distinguishable ? 'different' : 'not distinguishable'}</span>` : nothing}</h3>
      ${pair.difference ? interval(pair.difference, end) : nothing}
      <p>${pair.sentence}</p></li>`;
  })}</ul>
  ${pairs.some((pair) => pair.difference)
    ? html`<p class="aside">Dots and bars: accuracy of <bdi>${shortName(named(reference).trial, trials)}</bdi> less that of the other, with its 95 % interval (bootstrap over the images), from ${points(end.low)} to ${points(end.high)} percentage points; the dashed line is zero. Words: McNemar’s exact test${pairs.length > 1 ? ', corrected for the number of trials compared here (Holm)' : ''}.</p>`
    : nothing}`;
}

/** Only for the eye: the words beside it say the same. */
function interval({ value, low, high }, end) {
  return html`<div class="interval" aria-hidden="true"><i class="zero" ${look({ left: `${place(0, end)}%` })}></i>
    <i class="bar" ${look({ left: `${place(low, end)}%`, width: `${place(high, end) - place(low, end)}%` })}></i>
    <i class="dot" ${look({ left: `${place(value, end)}%` })}></i></div>`;
}

function points(value) {
  return `${value < 0 ? '−' : ''}${Math.abs(100 * value).toFixed(1)}`;
}

/** What of an interval of a metric is written below its value. */
export function range(name, interval) {
  if (!interval) return nothing;
  const { low, high } = interval;
  return html`<small>${format.isShare(name) ? format.interval(interval) : `${format.significant(low)}–${format.significant(high)}`}</small>`;
}
