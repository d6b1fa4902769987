import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { look } from './look.js';

const COLUMNS = [
  { key: 'precision', name: 'Precision', value: (each) => each.precision },
  { key: 'recall', name: 'Recall', value: (each) => (each.support ? each.recall : null) },
  { key: 'f1', name: 'F1', value: (each) => each.f1 },
  { key: 'support', name: 'Images', value: (each) => each.support },
];

/** The classes in the order of a column, the smallest first; in their own where none is chosen. */
export function sortedClasses(classes, key) {
  const column = COLUMNS.find((each) => each.key === key);
  return column ? [...classes].sort((a, b) => (column.value(a) ?? 2) - (column.value(b) ?? 2)) : classes;
}

/**
 * Precision, recall, F1 and support of each class, the weakest visible by its bar.
 * @param {{sort: string, label: string, onSort: (key: string) => void, onChoose: (label: string) => void}} choice
 */
export function classTable({ classes }, { sort, label, onSort, onChoose }) {
  const bar = (value) => html`<td class="number bar"><span>${format.percent(value)}</span><i aria-hidden="true"><b ${look({ width: `${(value ?? 0) * 100}%` })}></b></i></td>`;
  const heading = ({ key, name }) => html`<th scope="col" class="number" aria-sort=${sort === key ? 'ascending' : nothing}>
    <button type="button" @click=${() => onSort(sort === key ? '' : key)}><span>${name}</span><i aria-hidden="true">${sort === key ? '▲' : ''}</i></button></th>`;
  return html`<div class="scroller class-scroller" tabindex="0" role="region" aria-label="Scores of each class"><table class="trials classes">
    <caption class="hidden">Scores of each class on the validation images; a class shows its mistakes, a heading sorts</caption>
    <thead><tr><th scope="col"><button type="button" @click=${() => onSort('')}><span>Class</span></button></th>${COLUMNS.map(heading)}</tr></thead>
    <tbody>${sortedClasses(classes, sort).map((each) => html`<tr ?data-hover=${each.name === label}><th scope="row"><button type="button" class="plain" aria-pressed=${each.name === label} @click=${() => onChoose(each.name === label ? '' : each.name)}><bdi>${each.name}</bdi></button></th>
      ${bar(each.precision)}${bar(each.support ? each.recall : null)}${bar(each.f1)}<td class="number">${format.count(each.support)}</td></tr>`)}</tbody>
  </table></div>`;
}

/** Each part by itself, so that a folder written from right to left leaves the others in their places. */
function path(image) {
  return image.split('/').map((part, index) => html`${index ? '/' : ''}<bdi>${part}</bdi>`);
}

/** Predictions without their images. */
export function predictionTable(list) {
  return html`<div class="scroller tall" tabindex="0" role="region" aria-label="Predictions of single images"><table>
      <caption class="hidden">Predictions of single images</caption>
      <thead><tr><th scope="col">Image</th><th scope="col">Is</th><th scope="col">Predicted</th><th scope="col" class="number">Confidence</th><th scope="col" class="number">In its own class</th></tr></thead>
      <tbody>${list.map((each) => html`<tr><td class="path">${path(each.image)}</td><td><bdi>${each.label}</bdi></td><td><bdi>${each.predicted}</bdi></td>
        <td class="number">${format.percent(each.confidence)}</td><td class="number">${format.percent(each.label_probability)}</td></tr>`)}</tbody>
    </table></div>`;
}
