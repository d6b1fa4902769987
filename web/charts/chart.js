import { html } from 'lit';
import * as echarts from 'echarts';
import { View } from '../views/view.js';
import { onThemeChange, theme } from './theme.js';

/**
 * A chart that fits its box and the page's colours. `option` makes what ECharts draws from the colours; a new function
 * draws anew. Components that need more reach the chart through `chart`.
 */
export class Chart extends View {
  static properties = { option: { attribute: false }, label: {} };
  #observer = null;
  #endTheme = null;
  /** @type {echarts.ECharts|null} */
  chart = null;

  render() {
    return html`<div class="chart" role="img" aria-label=${this.label ?? ''}></div>`;
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
    this.chart.setOption({ animation: false, ...this.option(theme()) }, { notMerge: true });
  }

  #open() {
    const box = this.querySelector('.chart');
    this.chart = echarts.init(box, null, { renderer: 'canvas' });
    this.#observer = new ResizeObserver(() => this.chart?.resize());
    this.#observer.observe(box);
    this.draw();
    this.dispatchEvent(new CustomEvent('chart-open'));
  }
}

customElements.define('graft-chart', Chart);
