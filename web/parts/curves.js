import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { trialPath } from '../model/route.js';
import { address, selection } from '../model/selection.js';
import { colourGroups } from '../model/series.js';
import { smooth } from '../model/smooth.js';
import { words } from '../model/table.js';
import '../charts/sweep-curves.js';
import { router } from '../router.js';
import { choice, TrialCard } from './trial-card.js';

const MAX_COLOURS = 8;
const SMOOTHING = [['', 'none'], ['0.6', 'some'], ['0.9', 'much']];

/** Learning curves of the trials that the page is about: one metric, by epoch or by time. */
class Curves extends TrialCard {
  static properties = { best: {}, hover: {} };
  #drawn = { key: '', curves: [] };

  address() {
    return address(`${this.api}/curves`, { metric: this.query.metric ?? '', ...selection(this.query) });
  }

  render() {
    const { sweep, query } = this;
    const data = this.resource.data;
    const metric = query.metric || sweep.metric;
    const metrics = [...new Set([sweep.metric, ...sweep.metrics])];
    const groups = new Map(
      sweep.parameters
        .filter((each) => each.varying && each.distinct <= MAX_COLOURS)
        .map(({ name, values }) => [name, colourGroups(values.map((value) => ({ parameters: { [name]: value } })), name)]),
    );
    const colour = groups.has(query.colour) ? query.colour : '';
    const choices = html`<div class="choices">
      ${choice('Metric', metrics.map((name) => [name, format.metricName(name)]), metric, (value) => router.choose({ metric: value === sweep.metric ? '' : value }))}
      ${groups.size > 0 ? choice('Colour by', [['', 'nothing'], ...[...groups.keys()].map((name) => [name, words(name)])], colour, (value) => router.choose({ colour: value })) : nothing}
      ${choice('Axis', [['', 'epoch'], ['time', 'time']], query.axis === 'time' ? 'time' : '', (value) => router.choose({ axis: value }))}
      ${choice('Smoothing', SMOOTHING, SMOOTHING.some(([value]) => value === query.smooth) ? query.smooth : '', (value) => router.choose({ smooth: value }))}
    </div>`;
    return this.card('learning', 'Learning curves', html`${this.trouble()}${data ? this.#chart(data, colour ? groups.get(colour) : null, colour) : nothing}`, choices);
  }

  #chart(data, group, colour) {
    const curves = this.#series(data, group, colour);
    const drawn = curves.filter((curve) => curve.points.length > 0);
    return html`
      ${group ? legend(group) : nothing}
      ${drawn.length > 0
        ? html`<graft-sweep-curves .curves=${drawn} .metric=${data.metric} .axis=${this.query.axis === 'time' ? 'time' : 'epoch'} .best=${this.best ?? ''} .hover=${this.hover ?? ''}
            @open-trial=${(event) => router.go(trialPath(event.detail))}></graft-sweep-curves>`
        : html`<p class="quiet nothing">${data.curves.length === 0 ? 'No trial matches.' : 'No epoch has ended yet.'}</p>`}
      ${data.page.next ? html`<p class="aside">Curves of the best ${format.count(data.curves.length)} of ${format.count(data.page.matching)} trials.</p>` : nothing}`;
  }

  /** The same array while nothing it depends on changes: a new one makes the chart draw anew. */
  #series(data, group, colour) {
    const { axis, smooth: weight } = this.query;
    const key = [axis, weight, colour].join('|');
    if (this.#drawn.key === key && this.#drawn.data === data) return this.#drawn.curves;
    const varying = this.sweep.parameters.filter((each) => each.varying).map((each) => each.name);
    const curves = data.curves.map(({ id, number, parameters, pinned, points }) => {
      const values = smooth(points.map((point) => point[1]), Number(weight) || 0);
      return {
        id,
        name: `Trial ${number}`,
        detail: varying.map((name) => `${words(name)} ${format.parameter(parameters[name])}`).join(' · '),
        points: points
          .map(([epoch, value, phase, seconds], index) => ({ at: axis === 'time' ? seconds : epoch, epoch, value: values[index], raw: value, phase, seconds }))
          .filter((point) => point.at !== null),
        colour: group ? (group.get(JSON.stringify(parameters[colour] ?? null)) ?? -1) : -1,
        pinned,
      };
    });
    this.#drawn = { key, data, curves };
    return curves;
  }
}

/** Which colour stands for which value. */
export function legend(group) {
  return html`<ul class="legend" aria-label="Colours">${[...group].map(([value, index]) =>
    html`<li data-series=${(index % MAX_COLOURS) + 1}><i aria-hidden="true"></i><bdi>${format.parameter(JSON.parse(value))}</bdi></li>`)}</ul>`;
}

customElements.define('graft-curves', Curves);
