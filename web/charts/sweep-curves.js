import { html, nothing } from 'lit';
import { ref, createRef } from 'lit/directives/ref.js';
import * as format from '../model/format.js';
import { bounds, lastEpoch, nearest } from '../model/series.js';
import { View } from '../views/view.js';
import { axes, axisText } from './theme.js';
import './chart.js';
import { look } from '../parts/look.js';

const REACH = 28;

/**
 * One metric of many trials. `curves` are `{id, name, detail, points, colour, pinned}` with a place in the palette or -1,
 * points are `{at, epoch, value, raw, phase, seconds}`; `axis` is `epoch` or `time`; `best` and `hover` are ids. Sends
 * `hover-trial` and `open-trial` with the id.
 */
class SweepCurves extends View {
  static properties = {
    curves: { attribute: false },
    metric: {},
    axis: {},
    best: {},
    hover: {},
    tip: { state: true },
  };

  #box = createRef();
  #option = null;
  #emphasised = '';

  willUpdate(changed) {
    if (changed.has('curves') || changed.has('best') || changed.has('metric') || changed.has('axis')) {
      const drawn = this.curves.map((curve) => curve.points.map((point) => [point.at, point.value]));
      this.extent = { ...bounds(drawn, format.isShare(this.metric)), last: this.axis === 'time' ? lastOf(drawn) : lastEpoch(drawn) };
      this.#option = (colours) => this.#draw(colours);
    }
  }

  render() {
    const text = `${format.metricName(this.metric)} by ${this.axis} of ${format.plural(this.curves.length, 'trial')}; the table has the same values`;
    return html`<div class="curves">
      <graft-chart .option=${this.#option} label=${text} name="learning-curves-${this.metric}" @chart-open=${this.#listen} ${ref(this.#box)}></graft-chart>
      ${this.tip ? this.#tip() : nothing}
      ${this.extent.cut ? html`<p class="aside">Values far above the others are cut off.</p>` : nothing}
    </div>`;
  }

  updated() {
    this.#emphasise();
  }

  #tip() {
    const { curve, point, x, y, left } = this.tip;
    const place = { top: `${y}px`, [left ? 'right' : 'left']: `${x}px` };
    return html`<div class="tip" ${look(place)}>
      <strong>${curve.name}${curve.id === this.best ? ' · best' : ''}</strong>
      <span>${format.metric(this.metric, point.raw)} at epoch ${point.epoch}${point.phase === 2 ? ', fine-tuning' : ''}${point.seconds === null ? '' : `, after ${format.duration(point.seconds)}`}</span>
      <span class="quiet">${curve.detail}</span>
    </div>`;
  }

  #draw(colours) {
    const many = this.curves.length > 60;
    return {
      grid: { left: 8, right: 14, top: 12, bottom: 26, containLabel: true },
      ...axes(colours, {
        last: this.extent.last,
        time: this.axis === 'time',
        min: this.extent.min,
        max: this.extent.max,
        valueText: (value) => axisText(this.metric, value),
      }),
      series: this.curves.map((curve) => {
        const best = curve.id === this.best;
        const marked = best || curve.pinned;
        const coloured = curve.colour >= 0 ? colours.palette[curve.colour % colours.palette.length] : colours.faint;
        const single = curve.points.length === 1;
        return {
          type: 'line',
          id: curve.id,
          data: curve.points.map((point) => [point.at, point.value]),
          showSymbol: single || best,
          symbol: 'circle',
          symbolSize: best && !single ? 5 : 6,
          silent: true,
          z: best ? 4 : curve.pinned ? 3 : 2,
          itemStyle: { color: best && curve.colour < 0 ? colours.accent : coloured },
          lineStyle: {
            width: best ? 3 : curve.pinned ? 2.4 : many ? 1 : 1.6,
            opacity: marked ? 1 : many ? 0.45 : 0.75,
            color: best && curve.colour < 0 ? colours.accent : curve.pinned && curve.colour < 0 ? colours.quiet : coloured,
          },
          emphasis: { focus: 'none', scale: false, lineStyle: { width: 3.5, opacity: 1, color: curve.colour < 0 ? colours.ink : coloured } },
        };
      }),
    };
  }

  #listen() {
    const chart = this.#box.value.chart;
    const zr = chart.getZr();
    zr.on('mousemove', (event) => this.#point(event.offsetX, event.offsetY));
    zr.on('globalout', () => this.#leave());
    zr.on('click', (event) => {
      this.#point(event.offsetX, event.offsetY);
      // A touch has no hover: its first tap says which curve it is, the second opens it.
      const touched = event.event?.pointerType === 'touch' || event.event?.zrByTouch;
      if (this.tip && (!touched || this.tapped === this.tip.curve.id)) this.#send('open-trial', this.tip.curve.id);
      this.tapped = this.tip?.curve.id;
    });
  }

  #point(x, y) {
    const chart = this.#box.value?.chart;
    if (!chart || this.curves.length === 0) return;
    const found = chart.containPixel('grid', [x, y]) ? nearest(this.curves, { x, y }, this.#scale(chart), REACH) : null;
    chart.getZr().setCursorStyle(found ? 'pointer' : 'default');
    if (!found) {
      this.#leave();
      return;
    }
    const curve = this.curves.find((each) => each.id === found.id);
    const width = chart.getWidth();
    const left = x > width / 2;
    this.tip = { curve, point: found.point, x: left ? width - x + 14 : x + 14, y: Math.max(4, y - 30), left };
    if (this.hover !== found.id) this.#send('hover-trial', found.id);
  }

  #leave() {
    if (!this.tip) return;
    this.tip = null;
    this.#send('hover-trial', '');
  }

  /** Both axes are linear: two points tell where all others are, much faster than asking for each. */
  #scale(chart) {
    const [x0, y0] = chart.convertToPixel('grid', [0, this.extent.min]);
    const [x1, y1] = chart.convertToPixel('grid', [this.extent.last, this.extent.max]);
    const height = this.extent.max - this.extent.min;
    return ({ at, value }) => [x0 + (at / this.extent.last) * (x1 - x0), y0 + ((value - this.extent.min) / height) * (y1 - y0)];
  }

  #emphasise() {
    const chart = this.#box.value?.chart;
    if (!chart) return;
    if (this.#emphasised && this.#emphasised !== this.hover) chart.dispatchAction({ type: 'downplay', seriesId: this.#emphasised });
    if (this.hover) chart.dispatchAction({ type: 'highlight', seriesId: this.hover });
    this.#emphasised = this.hover ?? '';
  }

  #send(type, id) {
    this.dispatchEvent(new CustomEvent(type, { detail: id, bubbles: true }));
  }
}

/** The latest time of any curve, in seconds; at least a second, which an axis must have. */
function lastOf(curves) {
  return Math.max(1, ...curves.map((points) => points.at(-1)?.[0] ?? 0));
}

customElements.define('graft-sweep-curves', SweepCurves);
