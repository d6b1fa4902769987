import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { look } from './look.js';

const SHARED = { decode: 'Decoding images', prefix: 'Frozen base' };

const OWN = {
  head: 'Training the head',
  tail: 'Fine-tuning',
  validation: 'Validation',
};

/** The trial's equal share, in seconds, of what its feature group took. */
export function sharedSeconds(seconds) {
  return sum(partsOf(SHARED, seconds));
}

/** Seconds by part, as one bar and a list; what no part accounts for is told too. The recorded total leaves out what is shared. */
export function timings(seconds) {
  const shared = partsOf(SHARED, seconds);
  const own = partsOf(OWN, seconds);
  const rest = (seconds.total ?? 0) - sum(own);
  const total = sum(shared) + sum(own) + Math.max(0, rest);
  if (total === 0) return html`<p class="quiet nothing">Known when the trial has ended.</p>`;
  const parts = [...shared, ...own];
  if (rest > 0.005 * total) parts.push({ key: 'rest', name: 'Everything else', value: rest });
  return html`<div class="parts" aria-hidden="true">${parts.map((part) => html`<i data-part=${part.key} ${look({ width: `${(part.value / total) * 100}%` })}></i>`)}</div>
    <dl class="legend-list">${parts.map((part) => html`<div><dt><i data-part=${part.key} aria-hidden="true"></i>${part.name}</dt><dd>${format.duration(part.value)}</dd></div>`)}
      <div class="sum"><dt>Total</dt><dd>${format.duration(total)}</dd></div></dl>
    ${shared.length > 0 ? html`<p class="aside">Decoding and the frozen base are this trial’s equal share of what its feature group took.</p>` : nothing}`;
}

function partsOf(names, seconds) {
  return Object.entries(names).filter(([key]) => seconds[key] > 0).map(([key, name]) => ({ key, name, value: seconds[key] }));
}

function sum(parts) {
  return parts.reduce((total, part) => total + part.value, 0);
}

/** Seed, features, sweep and everything recorded of where the result comes from. */
export function facts({ trial, sweep, feature_group: group, provenance }) {
  const rows = [
    ['Trial', html`<code>${trial.id}</code>`],
    ['Seed', html`<code>${trial.seed}</code>`],
    ['Sweep file', html`<bdi>${sweep.file_name}</bdi>`],
    ['Started', trial.started_at ? format.dateTime(trial.started_at) : format.MISSING],
    ['Ended', trial.ended_at ? format.dateTime(trial.ended_at) : format.MISSING],
    ['Features', trial.feature_group ? html`<code>${trial.feature_group}</code>, ${trial.cache.hit ? 'from the cache' : 'computed in this sweep'}` : format.MISSING],
    ...(group ? [['Cut', html`${group.base} at ${group.image_size} px, ${group.cut}; ${format.count(group.images)} stored, ${format.bytes(group.bytes)}`]] : []),
  ];
  const more = Object.entries(provenance);
  const list = (entries) => html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  return html`${list(rows)}${more.length > 0
    ? html`<details><summary>Provenance (${more.length})</summary>${list(more.map(([name, value]) => [name.replaceAll('_', ' '), html`<bdi>${value}</bdi>`]))}</details>`
    : nothing}`;
}
