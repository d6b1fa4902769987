import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import * as format from '../model/format.js';
import { trialPath } from '../model/route.js';
import { address, selection } from '../model/selection.js';
import { axisValue, column, scatterAxes, scatterOption } from '../charts/scatter.js';
import '../charts/chart.js';
import { router } from '../router.js';
import { choice, TrialCard } from './trial-card.js';

/** Two things about each trial, and which trials no other beats in both. */
class Scatter extends TrialCard {
  #drawn = { data: null, key: '', option: null };
  #box = createRef();

  #axes() {
    const known = new Set(scatterAxes(this.sweep).map(([key]) => key));
    const { x = '', y = '' } = this.query;
    return { x: known.has(x) ? x : 'seconds', y: known.has(y) ? y : this.sweep.metric };
  }

  address() {
    return address(`${this.api}/points`, { ...selection(this.query), ...this.#axes() });
  }

  render() {
    const data = this.resource.data;
    const { x, y } = this.#axes();
    const options = scatterAxes(this.sweep);
    const choices = html`<div class="choices">
      ${choice('Across', options, x, (value) => router.choose({ x: value === 'seconds' ? '' : value }))}
      ${choice('Up', options, y, (value) => router.choose({ y: value === this.sweep.metric ? '' : value }))}</div>`;
    return this.card('trade-offs', 'Trade-offs', html`${this.trouble()}${data ? this.#chart(data, x, y) : nothing}`, choices);
  }

  #chart(data, x, y) {
    const key = `${x} ${y}`;
    if (this.#drawn.data !== data || (this.#drawn.key !== key && !this.resource.loading)) {
      this.#drawn = { data, key, option: scatterOption(this.sweep, data, x, y) };
    }
    const some = column(data, x).some((each, index) => typeof each === 'number' && typeof column(data, y)[index] === 'number');
    if (!some) return html`<p class="quiet nothing">No trial has both values.</p>`;
    return html`<graft-chart .option=${this.#drawn.option} name="trade-offs-${this.sweep.id}" label="${y} against ${x} of ${format.plural(data.ids.length, 'trial')}; the trials that none beats are listed below"
        ${ref(this.#box)} @chart-open=${this.#listen}></graft-chart>
      ${this.#front(data, x, y)}`;
  }

  #front(data, x, y) {
    if (data.front.length === 0) return nothing;
    const places = new Map(data.ids.map((id, index) => [id, index]));
    const shown = data.front.filter((id) => places.has(id));
    return html`<details><summary>${format.plural(shown.length, 'trial')} that no other beats in both</summary>
      <ol class="front">${shown.slice(0, 40).map((id) => {
        const index = places.get(id);
        return html`<li><a href=${trialPath(id)}>Trial ${data.numbers[index]}</a> ${axisValue(x, column(data, x)[index])}, ${axisValue(y, column(data, y)[index])}</li>`;
      })}</ol></details>`;
  }

  #listen() {
    this.#box.value.chart.on('click', ({ data }) => {
      if (data?.id) router.go(trialPath(data.id));
    });
  }
}

customElements.define('graft-scatter', Scatter);
