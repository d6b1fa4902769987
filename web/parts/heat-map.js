import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import * as format from '../model/format.js';
import { address, readBrush, selection, withRange, writeBrush } from '../model/selection.js';
import { words } from '../model/table.js';
import { heatMapOption } from '../charts/heat-map.js';
import '../charts/chart.js';
import { router } from '../router.js';
import { choice, TrialCard } from './trial-card.js';

const MOST_VALUES = 24;

/** The mean of the metric for each pair of values of two parameters. */
class HeatMap extends TrialCard {
  #drawn = { data: null, option: null };
  #box = createRef();

  /** Parameters with values few enough to be told apart, those with most values first. */
  #names() {
    return this.sweep.parameters
      .filter((each) => each.varying && each.distinct <= MOST_VALUES)
      .sort((a, b) => b.distinct - a.distinct)
      .map((each) => each.name);
  }

  #axes() {
    const names = this.#names();
    const { across = '', up = '' } = this.query;
    const x = names.includes(across) ? across : names[0];
    const y = names.includes(up) && up !== x ? up : names.find((name) => name !== x);
    return { x, y };
  }

  willUpdate() {
    if (this.sweep && this.#axes().y) super.willUpdate();
  }

  address() {
    const { x, y } = this.#axes();
    return address(`${this.api}/groups`, { by: `${x},${y}`, ...selection(this.query) });
  }

  render() {
    const { x, y } = this.#axes();
    if (!y) return this.card('heat', 'Two parameters', html`<p class="quiet nothing">Fewer than two parameters vary in values few enough to be told apart.</p>`);
    const options = this.#names().map((name) => [name, words(name)]);
    const choices = html`<div class="choices">
      ${choice('Across', options.filter(([name]) => name !== y), x, (value) => router.choose({ across: value }))}
      ${choice('Up', options.filter(([name]) => name !== x), y, (value) => router.choose({ up: value }))}</div>`;
    const data = this.resource.data;
    return this.card('heat', 'Two parameters', html`${this.trouble()}${data ? this.#chart(data) : nothing}`, choices);
  }

  #chart(data) {
    const [x, y] = data.by;
    if (!data.groups.some((group) => group.mean !== null)) return html`<p class="quiet nothing">No trial has finished yet.</p>`;
    if (this.#drawn.data !== data) this.#drawn = { data, option: heatMapOption(data, x, y, this.sweep.goal) };
    return html`<p class="aside">Mean ${format.metricName(data.metric).toLowerCase()} of finished trials. Click a cell to keep its trials.</p>
      <graft-chart .option=${this.#drawn.option} name="heat-map-${this.sweep.id}" label="Mean ${format.metricName(data.metric)} by ${words(x)} and ${words(y)}; grouping the table by both gives the same values"
        ${ref(this.#box)} @chart-open=${this.#listen}></graft-chart>`;
  }

  #listen() {
    this.#box.value.chart.on('click', ({ data }) => {
      if (!data?.group) return;
      let ranges = readBrush(this.query.brush);
      for (const [name, value] of Object.entries(data.group.values)) {
        if (value !== null) ranges = withRange(ranges, name, { name, values: [Array.isArray(value) ? `[${value.join(', ')}]` : String(value)] });
      }
      router.choose({ brush: writeBrush(ranges), page: '' });
    });
  }
}

customElements.define('graft-heat-map', HeatMap);
