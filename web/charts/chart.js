import { html, nothing } from 'lit';
import * as echarts from 'echarts';
import { View } from '../views/view.js';
import { onThemeChange, theme } from './theme.js';

/**
 * A chart that fits its box and the page's colours, and can be saved. `option` makes what ECharts draws from the colours; a
 * new function draws anew. `name` is what a saved picture is called. Components that need more reach the chart through
 * `chart`; `chart-open` is sent when it is there, `chart-drawn` after each drawing.
 */
export class Chart extends View {
  static properties = { option: { attribute: false }, label: {}, name: {} };
  #observer = null;
  #endTheme = null;
  /** @type {echarts.ECharts|null} */
  chart = null;

  render() {
    return html`<div class="chart" role="img" aria-label=${this.label ?? ''}></div>
      ${this.name ? html`<div class="save" role="group" aria-label="Save this chart">${this.#save('png', 'PNG')}${this.#save('svg', 'SVG')}</div>` : nothing}`;
  }

  firstUpdated() {
    this.#open();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#endTheme = onThemeChange(() => this.draw());
    if (this.hasUpdated) this.#open();
  }

  disconnectedCallback() {
    this.#endTheme?.();
    this.#observer?.disconnect();
    this.chart?.dispose();
    this.chart = null;
    super.disconnectedCallback();
  }

  updated(changed) {
    if (changed.has('option')) this.draw();
  }

  draw() {
    if (!this.chart || !this.option) return;
    const option = { animation: false, ...this.option(theme()) };
    // What somebody switched off in the legend stays off.
    const selected = this.chart.getOption()?.legend?.[0]?.selected;
    if (option.legend && selected) option.legend = { ...option.legend, selected };
    this.chart.setOption(option, { notMerge: true });
    this.dispatchEvent(new CustomEvent('chart-drawn'));
  }

  #open() {
    const box = this.querySelector('.chart');
    this.chart = echarts.init(box, null, { renderer: 'canvas' });
    this.#observer = new ResizeObserver(() => this.chart?.resize());
    this.#observer.observe(box);
    this.draw();
    this.dispatchEvent(new CustomEvent('chart-open'));
  }

  #save(type, text) {
    return html`<button type="button" aria-label="Save as ${text}: ${this.name}" @click=${() => this.#download(type)}>${text}</button>`;
  }

  #download(type) {
    const colours = theme();
    const address = type === 'png' ? this.chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colours.surface }) : URL.createObjectURL(this.#svg(colours));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${this.name}.${type}`;
    link.click();
    if (type === 'svg') setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  /** The same chart drawn once more, as lines instead of dots. */
  #svg(colours) {
    const copy = echarts.init(null, null, { renderer: 'svg', ssr: true, width: this.chart.getWidth(), height: this.chart.getHeight() });
    copy.setOption({ animation: false, backgroundColor: colours.surface, ...this.option(colours) });
    const text = copy.renderToSVGString();
    copy.dispose();
    return new Blob([text], { type: 'image/svg+xml' });
  }
}

customElements.define('graft-chart', Chart);
