import { html, nothing } from 'lit';
import { confusions, rates, step } from '../model/confusion.js';
import * as format from '../model/format.js';
import { confusionMap } from '../charts/confusion-map.js';
import '../charts/chart.js';
import { View } from '../views/view.js';
import { look } from './look.js';

/** More cells than these are drawn as a picture: as a table nobody could read them. */
const MAX_CELLS = 30;
const MOST = 5;

/**
 * A confusion matrix, by count or by rate. Choosing a cell, a row or a column dispatches `choose-images`; what is chosen
 * is marked. Arrow keys go from cell to cell.
 */
class Confusion extends View {
  static properties = { trial: {}, evaluation: { attribute: false }, asRates: { type: Boolean }, label: {}, predicted: {}, at: { state: true } };
  #map = null;
  #mapped = null;

  constructor() {
    super();
    this.asRates = false;
    this.label = '';
    this.predicted = '';
    this.at = null;
  }

  render() {
    const { matrix, classes } = this.evaluation;
    const names = classes.map((each) => each.name);
    const small = names.length <= MAX_CELLS;
    return html`${small ? html`${this.#choice()}${this.#table(matrix, names)}` : this.#picture(matrix, names)}
      ${this.#pairs(confusions(matrix, names, small ? MOST : 25))}`;
  }

  #choice() {
    const pick = (asRates, text) => html`<button type="button" class="pick" aria-pressed=${this.asRates === asRates}
      @click=${() => this.#send('cells', { cells: asRates ? 'rates' : '' })}>${text}</button>`;
    return html`<div class="picks" role="group" aria-label="Cells show">${pick(false, 'Counts')}${pick(true, 'Rates')}</div>`;
  }

  #table(matrix, names) {
    const shares = rates(matrix);
    const [row, column] = this.at ?? [Math.max(0, names.indexOf(this.label)), Math.max(0, names.indexOf(this.predicted))];
    return html`<div class="scroller"><table class="confusion" role="grid" aria-labelledby="matrix" aria-describedby="matrix-says">
      <caption id="matrix-says">Rows are what the images are, columns what was predicted. Choose a cell to see its images.</caption>
      <thead><tr><td></td>${names.map((name) => html`<th scope="col" title=${name}><span><bdi>${name}</bdi></span></th>`)}</tr></thead>
      <tbody @keydown=${this.#move}>${matrix.map((cells, actual) => html`<tr><th scope="row" title=${names[actual]}><bdi>${names[actual]}</bdi></th>
        ${cells.map((cell, predicted) => this.#cell(cell, shares[actual][predicted], names, actual, predicted, actual === row && predicted === column))}</tr>`)}</tbody>
    </table></div>`;
  }

  #cell(cell, share, names, actual, predicted, reached) {
    const text = this.asRates ? (share === null ? format.MISSING : `${Math.round(share * 100)}`) : `${cell}`;
    const title = `${format.plural(cell, 'image')} of ${names[actual]} predicted as ${names[predicted]}${share === null ? '' : `, ${format.percent(share)}`}`;
    // Part of the colour's way from the surface; a few mistakes must be seen, so small shares count more.
    const depth = share === null ? 0 : Math.round(share ** 0.6 * 100);
    const right = actual === predicted;
    const chosen = cell > 0 && names[actual] === this.label && names[predicted] === this.predicted;
    return html`<td aria-selected=${chosen}><button type="button" title=${title} aria-label=${title} data-at="${actual},${predicted}" tabindex=${reached ? 0 : -1}
      aria-disabled=${cell === 0 ? 'true' : nothing} ?data-right=${right} ?data-half=${depth > (right ? 56 : 60)} ?data-full=${depth > (right ? 88 : 85)} ?data-none=${cell === 0}
      ${look({ '--depth': `${depth}%` })} @focus=${() => (this.at = [actual, predicted])}
      @click=${() => cell > 0 && this.#choose(chosen ? '' : names[actual], chosen ? '' : names[predicted])}>${text}</button></td>`;
  }

  #picture(matrix, names) {
    if (this.#mapped !== matrix) {
      this.#mapped = matrix;
      this.#map = confusionMap(matrix, names);
    }
    return html`<p class="aside">Rows are what the images are, columns what was predicted; the stronger the colour, the larger the share of the row. Choose a point, or a pair below, to see its images.</p>
      <graft-chart class="square" .option=${this.#map} name="confusion-${this.trial}" label="Confusion matrix of ${format.plural(names.length, 'class', 'classes')}; the pairs confused most are listed below"
        @chart-open=${(event) => event.target.chart.on('click', ({ value }) => value && this.#choose(names[value[1]], names[value[0]]))}></graft-chart>`;
  }

  #pairs(pairs) {
    if (pairs.length === 0) return html`<p class="aside">Every image was predicted rightly.</p>`;
    return html`<h3>Confused most</h3><ol class="pairs" ?data-many=${pairs.length > MOST}>${pairs.map((pair) => html`<li><button type="button" class="plain" aria-pressed=${pair.actual === this.label && pair.predicted === this.predicted}
        @click=${() => this.#choose(pair.actual, pair.predicted)}><bdi>${pair.actual}</bdi> <span class="quiet">taken for</span> <bdi>${pair.predicted}</bdi></button>
      <span class="number">${format.plural(pair.count, 'image')}<span class="quiet">, ${format.percent(pair.rate, 0)}</span></span></li>`)}</ol>`;
  }

  #move(event) {
    const at = event.target.dataset?.at?.split(',').map(Number);
    const next = at && step(at, event.key, this.evaluation.classes.length, event.ctrlKey || event.metaKey);
    if (!next) return;
    event.preventDefault();
    this.at = next;
    this.querySelector(`[data-at="${next[0]},${next[1]}"]`)?.focus();
  }

  #choose(label, predicted) {
    this.#send('choose-images', { label, predicted });
  }

  #send(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define('graft-confusion', Confusion);
