import { html } from 'lit';
import { guard } from 'lit/directives/guard.js';
import * as format from '../model/format.js';
import { reliability } from '../charts/reliability.js';
import '../charts/chart.js';

/** Whether the trial is right as often as it is sure, as a picture, a figure and a sentence. */
export function calibration(data, trialId) {
  return html`<p class="calibration"><strong>${format.percent(data.expected_error)}</strong> expected calibration error. ${data.sentence}</p>
    ${guard([data], () => html`<graft-chart class="medium tall" .option=${reliability(data)} name="reliability-${trialId}" label="Reliability diagram: ${summary(data)}"></graft-chart>`)}
    <p class="aside">Bars say how often it was right among images it was so sure of, with 95 % intervals; below, how many those are.</p>`;
}

function summary({ bins }) {
  return bins
    .filter((bin) => bin.images > 0)
    .map((bin) => `${Math.round(bin.low * 100)} to ${Math.round(bin.high * 100)} percent sure, ${Math.round(bin.accuracy * 100)} percent of ${bin.images} right`)
    .join('; ');
}
