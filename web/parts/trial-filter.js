import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { readBrush, withRange, writeBrush } from '../model/selection.js';
import { words } from '../model/table.js';
import { router } from '../router.js';
import { View } from '../views/view.js';

const PAUSE = 350;

/** What the whole page is about: an expression, states, and what was brushed in charts. `problem` is what is wrong with the expression. */
class TrialFilter extends View {
  static properties = {
    sweep: { attribute: false },
    query: { attribute: false },
    problem: { attribute: false },
    matching: { attribute: false },
  };
  #timer = 0;

  disconnectedCallback() {
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  render() {
    const { filter = '', state = '', brush = '' } = this.query;
    const states = Object.keys(this.sweep.counts);
    const ranges = readBrush(brush);
    const wrong = this.problem ?? null;
    const field = this.renderRoot.querySelector?.('input');
    const written = field && field === document.activeElement ? field.value : filter;
    return html`<search class="card filter-card">
      <div class="filter">
        <div class="search">
          <label class="hidden" for="filter">Filter trials</label>
          <input id="filter" type="search" autocomplete="off" spellcheck="false" autocapitalize="off" placeholder=${this.#example()} .value=${written} list="filter-names"
            aria-invalid=${wrong ? 'true' : 'false'} aria-describedby="filter-help" @input=${this.#typed} @change=${this.#entered}>
          <datalist id="filter-names">${[...this.sweep.parameters.map((each) => each.name), ...this.sweep.metrics, 'state', 'epochs', 'seconds', 'pinned'].map((name) => html`<option value=${name}></option>`)}</datalist>
        </div>
        ${states.length > 1 ? html`<div class="picks" role="group" aria-label="State">${states.map((each) => html`<button type="button" class="pick" aria-pressed=${state === each}
          @click=${() => router.choose({ state: state === each ? '' : each, page: '' })}>${each} <span>${format.count(this.sweep.counts[each])}</span></button>`)}</div>` : nothing}
        ${ranges.map((range) => this.#chip(range, ranges))}
        ${filter || state || ranges.length > 0
          ? html`<button type="button" class="plain" @click=${() => this.#clear()}>Clear</button>
            <span class="quiet matches" role="status">${this.matching === null ? nothing : `${format.count(this.matching)} of ${format.count(this.sweep.total)}`}</span>`
          : nothing}
      </div>
      <p id="filter-help" class=${wrong ? 'bad' : 'hidden'} role=${wrong ? 'alert' : nothing}>${wrong ? this.#wrong(wrong, filter) : 'Names compared with values, joined by and, or, not; for example learning rate at most 0.001.'}</p>
    </search>`;
  }

  #example() {
    const varying = this.sweep.parameters.find((each) => each.varying && each.values[0] !== null);
    const first = varying && !Array.isArray(varying.values[0]) ? `${varying.name} = ${varying.values[0]} and ` : '';
    return `Filter: ${first}${this.sweep.metric} ${this.sweep.goal === 'maximize' ? '> 0.8' : '< 0.5'}`;
  }

  #wrong({ error, parameter, position }, filter) {
    // The API is asked without blanks at the ends, and in brackets where a state is chosen.
    const at = position - (this.query.state && filter.trim() ? 1 : 0) + (filter.length - filter.trimStart().length);
    const before = filter.slice(0, at);
    const rest = filter.slice(at, at + 24);
    return html`${error.charAt(0).toUpperCase()}${error.slice(1)}${parameter !== 'filter' ? nothing : html` <code>${before.slice(-24)}<mark>${rest || '▏'}</mark></code>`}`;
  }

  #chip(range, ranges) {
    const metric = this.sweep.metrics.includes(range.name);
    const value = (number) => (metric ? format.metric(range.name, number) : format.parameter(number));
    const text = 'values' in range ? range.values.join(', ') : `${value(range.low)} to ${value(range.high)}`;
    return html`<button type="button" class="pick brushed" aria-label="No longer only ${words(range.name)} ${text}" @click=${() => router.choose({ brush: writeBrush(withRange(ranges, range.name, null)), page: '' })}>
      <bdi>${words(range.name)}</bdi> <b><bdi>${text}</bdi></b> <span aria-hidden="true">✕</span></button>`;
  }

  #typed = (event) => {
    clearTimeout(this.#timer);
    const text = event.target.value;
    this.#timer = setTimeout(() => router.choose({ filter: text, page: '' }), PAUSE);
  };

  #entered = (event) => {
    clearTimeout(this.#timer);
    router.choose({ filter: event.target.value, page: '' });
  };

  #clear() {
    clearTimeout(this.#timer);
    this.querySelector('input').value = '';
    router.choose({ filter: '', state: '', brush: '', page: '' });
  }
}

customElements.define('graft-trial-filter', TrialFilter);
