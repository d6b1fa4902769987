import { html, nothing } from 'lit';
import { confusions, rates } from '../model/confusion.js';
import * as format from '../model/format.js';
import { View } from '../views/view.js';
import { look } from './look.js';

const MAX_CELLS = 30;
const MOST = 5;

/** A confusion matrix as a table with coloured cells, by count or by rate. Too many classes are told as pairs only. */
class Confusion extends View {
  static properties = { evaluation: { attribute: false }, asRates: { state: true } };

  constructor() {
    super();
    this.asRates = false;
  }

  render() {
    const { matrix, classes } = this.evaluation;
    const names = classes.map((each) => each.name);
    const small = names.length <= MAX_CELLS;
    return html`${small ? html`${this.#choice()}${this.#table(matrix, names)}` : html`<p class="aside">${format.plural(names.length, 'class', 'classes')} are too many to draw; these are confused most.</p>`}
      ${this.#pairs(confusions(matrix, names, small ? MOST : 25))}`;
  }

  #choice() {
    const pick = (rates, text) => html`<button type="button" class="pick" aria-pressed=${this.asRates === rates} @click=${() => (this.asRates = rates)}>${text}</button>`;
    return html`<div class="picks" role="group" aria-label="Cells show">${pick(false, 'Counts')}${pick(true, 'Rates')}</div>`;
  }

  #table(matrix, names) {
    const shares = rates(matrix);
    return html`<div class="scroller" tabindex="0" role="region" aria-labelledby="matrix"><table class="confusion">
      <caption>Rows are what the images are, columns what was predicted.</caption>
      <thead><tr><td></td>${names.map((name) => html`<th scope="col" title=${name}><span><bdi>${name}</bdi></span></th>`)}</tr></thead>
      <tbody>${matrix.map((row, actual) => html`<tr><th scope="row" title=${names[actual]}><bdi>${names[actual]}</bdi></th>
        ${row.map((cell, predicted) => this.#cell(cell, shares[actual][predicted], names, actual, predicted))}</tr>`)}</tbody>
    </table></div>`;
  }

  #cell(cell, share, names, actual, predicted) {
    const text = this.asRates ? (share === null ? format.MISSING : `${Math.round(share * 100)}`) : `${cell}`;
    const title = `${format.plural(cell, 'image')} of ${names[actual]} predicted as ${names[predicted]}${share === null ? '' : `, ${format.percent(share)}`}`;
    // Part of the colour's way from the surface; a few mistakes must be seen, so small shares count more.
    const depth = share === null ? 0 : share ** 0.6;
    return html`<td title=${title} ?data-right=${actual === predicted} ?data-half=${depth > 0.58} ?data-full=${depth > 0.92} ?data-none=${cell === 0}
      ${look({ '--depth': `${Math.round(depth * 100)}%` })}>${text}</td>`;
  }

  #pairs(pairs) {
    if (pairs.length === 0) return html`<p class="aside">Every image was predicted rightly.</p>`;
    return html`<h3>Confused most</h3><ol class="pairs">${pairs.map((pair) => html`<li><span><bdi>${pair.actual}</bdi> <span class="quiet">taken for</span> <bdi>${pair.predicted}</bdi></span>
      <span class="number">${format.plural(pair.count, 'image')}<span class="quiet">, ${format.percent(pair.rate, 0)}</span></span></li>`)}</ol>${nothing}`;
  }
}

customElements.define('graft-confusion', Confusion);
