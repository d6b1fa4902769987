import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { shortName } from '../model/compare.js';
import { trialPath } from '../model/route.js';
import { words } from '../model/table.js';
import { mark } from './compare-marks.js';
import { range } from './compare-verdicts.js';
import { look } from './look.js';

/** Results and parameters, a column for each trial. @param {boolean} all whether parameters that are the same are shown, too */
export function compareTable({ trials, metrics, parameters }, all) {
  const shown = parameters.filter((each) => all || each.differs);
  const row = (name, cells) => html`<tr><th scope="row">${name}</th>${cells}</tr>`;
  const group = (title, rows) => html`<tbody><tr class="group"><th scope="rowgroup" colspan=${trials.length + 1}>${title}</th></tr>${rows}</tbody>`;
  return html`<div class="scroller" tabindex="0" role="region" aria-label="Table of results and parameters"><table class="side" ${look({ '--trials': String(trials.length) })}>
    <caption class="hidden">Results and parameters of each trial</caption>
    <thead><tr><td></td>${trials.map((trial, index) => html`<th scope="col">${mark(index)}<a href=${trialPath(trial.id)}><bdi>${shortName(trial, trials)}</bdi></a></th>`)}</tr></thead>
    ${group('Results at the best epoch', [
      ...metrics.map((metric) => row(format.shortMetricName(metric.name), metric.values.map((value, index) => {
        const best = metric.best.includes(index) && metric.best.length < trials.length;
        return html`<td ?data-best=${best}>${format.metric(metric.name, value)}${best ? html`<span class="hidden"> (best)</span>` : nothing}${range(metric.name, metric.intervals[index])}</td>`;
      }))),
      row('Kept epoch', trials.map((trial) => html`<td>${trial.kept_epoch > 0 ? html`${trial.kept_epoch}<span class="quiet"> / ${trial.epochs}</span>` : format.MISSING}</td>`)),
      row('Training time', trials.map((trial) => html`<td>${format.duration(trial.seconds)}</td>`)),
      row('Model weights', trials.map((trial) => html`<td>${format.weights(trial.model_weights)}</td>`)),
    ])}
    ${group(
      all ? 'Parameters' : 'Parameters that differ',
      shown.length > 0
        ? shown.map((parameter) => row(words(parameter.name), parameter.values.map((value, index) => html`<td ?data-same=${!parameter.differs}><bdi>${format.parameter(value)}</bdi>${parameter.defaults[index] && value !== null ? html`<small>default</small>` : nothing}</td>`)))
        : html`<tr><td colspan=${trials.length + 1} class="quiet">None: these trials differ in nothing but their seeds${trials.some((each) => each.sweep !== trials[0].sweep) ? ' and what their sweeps say' : ''}.</td></tr>`,
    )}
  </table></div>`;
}
