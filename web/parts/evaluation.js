import { html } from 'lit';
import * as format from '../model/format.js';
import { look } from './look.js';

/** Precision, recall, F1 and support of each class, the weakest visible by its bar. */
export function classTable({ classes }) {
  const bar = (value) => html`<td class="number bar"><span>${format.percent(value)}</span><i aria-hidden="true"><b ${look({ width: `${(value ?? 0) * 100}%` })}></b></i></td>`;
  return html`<div class="scroller" tabindex="0" role="region" aria-labelledby="classes"><table>
    <caption class="hidden">Scores of each class on the validation images</caption>
    <thead><tr><th scope="col">Class</th><th scope="col" class="number">Precision</th><th scope="col" class="number">Recall</th><th scope="col" class="number">F1</th><th scope="col" class="number">Images</th></tr></thead>
    <tbody>${classes.map((each) => html`<tr><th scope="row"><bdi>${each.name}</bdi></th>${bar(each.precision)}${bar(each.support ? each.recall : null)}${bar(each.f1)}<td class="number">${format.count(each.support)}</td></tr>`)}</tbody>
  </table></div>`;
}

/** Each part by itself, so that a folder written from right to left leaves the others in their places. */
function path(image) {
  return image.split('/').map((part, index) => html`${index ? '/' : ''}<bdi>${part}</bdi>`);
}

/** The wrong predictions the trial was surest of: the first place to look for wrong labels. */
export function mistakes({ mistakes: list, images, correct }) {
  if (list.length === 0) return html`<p class="quiet nothing">There are none.</p>`;
  return html`<p class="aside">${format.count(images - correct)} of ${format.plural(images, 'image')} were predicted wrongly${list.length < images - correct ? `; the ${list.length} it was surest of are listed` : ''}. Look here first for wrong labels.</p>
    <div class="scroller tall" tabindex="0" role="region" aria-labelledby="mistakes"><table>
      <caption class="hidden">Wrong predictions, the most confident first</caption>
      <thead><tr><th scope="col">Image</th><th scope="col">Is</th><th scope="col">Predicted</th><th scope="col" class="number">Confidence</th><th scope="col" class="number">In its own class</th></tr></thead>
      <tbody>${list.map((each) => html`<tr><td class="path">${path(each.image)}</td><td><bdi>${each.label}</bdi></td><td><bdi>${each.predicted}</bdi></td>
        <td class="number">${format.percent(each.confidence)}</td><td class="number">${format.percent(each.label_probability)}</td></tr>`)}</tbody>
    </table></div>`;
}
