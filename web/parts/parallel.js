import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import * as format from '../model/format.js';
import { address, readBrush, selection, withRange, writeBrush } from '../model/selection.js';
import { brushedRange, intervalsOf, parallelAxes, parallelOption } from '../charts/parallel.js';
import '../charts/chart.js';
import { router } from '../router.js';
import { TrialCard } from './trial-card.js';

/**
 * All parameters at once: a line for each trial. Dragging along an axis chooses a range of it, for the whole page; trials
 * outside stay, faint.
 */
class Parallel extends TrialCard {
  #drawn = { data: null, option: null, axes: [] };
  #box = createRef();
  #brushed = '';

  address() {
    // Without what is brushed: what lies outside is shown, faint.
    const { filter, hidden } = selection(this.query);
    return address(`${this.api}/points`, { filter, hidden });
  }

  render() {
    const data = this.resource.data;
    return this.card('parallel', 'Parameters and result', html`${this.trouble()}${data ? this.#chart(data) : nothing}`);
  }

  updated() {
    const { brush = '' } = this.query;
    if (brush !== this.#brushed) this.#show();
  }

  #chart(data) {
    if (data.ids.length === 0) return html`<p class="quiet nothing">No trial matches.</p>`;
    if (this.#drawn.data !== data) {
      const axes = parallelAxes(this.sweep, data);
      this.#drawn = { data, axes, option: parallelOption(this.sweep, data, axes) };
    }
    if (this.#drawn.axes.length < 2) return html`<p class="quiet nothing">All trials have the same parameters.</p>`;
    const fewer = data.ids.length < data.matching;
    return html`<p class="aside">One line for each trial. Drag along an axis to keep a range; click the axis to let it go.${fewer ? ` ${format.count(data.ids.length)} of ${format.count(data.matching)} trials are drawn, from the best to the worst.` : ''}</p>
      <div class="parallel" data-axes=${this.#drawn.axes.length}><graft-chart .option=${this.#drawn.option} name="parameters-${this.sweep.id}" ${ref(this.#box)}
        label="Parallel coordinates of ${this.#drawn.axes.map((axis) => axis.label).join(', ')}, ${format.plural(data.ids.length, 'trial')}; the filter above chooses ranges by words"
        @chart-open=${this.#listen} @chart-drawn=${() => this.#show()}></graft-chart></div>`;
  }

  #values(name) {
    return this.sweep.parameters.find((each) => each.name === name)?.values ?? [];
  }

  #listen() {
    this.#box.value.chart.on('axisareaselected', (event) => {
      const axis = this.#drawn.axes.find((each) => each.name === event.parallelAxisId);
      if (!axis || this.restoring) return;
      const ranges = readBrush(this.query.brush);
      const text = writeBrush(withRange(ranges, axis.name, brushedRange(axis, event.intervals ?? [], this.#values(axis.name))));
      this.#brushed = text;
      if (text !== (this.query.brush ?? '')) router.choose({ brush: text, page: '' });
      // An area that holds nothing goes again.
      else this.#show();
    });
    this.#show();
  }

  /** Puts the areas on the axes that the address says. */
  #show() {
    const chart = this.#box.value?.chart;
    if (!chart || !chart.getOption()?.parallelAxis) return;
    this.#brushed = this.query.brush ?? '';
    const ranges = readBrush(this.#brushed);
    this.restoring = true;
    for (const axis of this.#drawn.axes) {
      const range = ranges.find((each) => each.name === axis.name);
      chart.dispatchAction({ type: 'axisAreaSelect', parallelAxisId: axis.name, intervals: range ? intervalsOf(axis, range, this.#values(axis.name)) : [] });
    }
    this.restoring = false;
  }
}

customElements.define('graft-parallel', Parallel);
