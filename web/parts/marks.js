import { html, nothing } from 'lit';
import { progress } from '../model/progress.js';
import { count, plural } from '../model/format.js';
import { look } from './look.js';

const SYMBOLS = { finished: '✓', running: '●', waiting: '○', pruned: '✂', failed: '!', crashed: '✕', cancelled: '–' };

/** The state of a sweep or trial, told by sign and word, not by colour alone. */
export function chip(state, title = '') {
  return html`<span class="chip" data-state=${state} title=${title || nothing}><i aria-hidden="true">${SYMBOLS[state] ?? ''}</i>${state}</span>`;
}

/** A bar of what has ended and how; its text is for those who cannot see it. */
export function progressBar(counts) {
  const { total, done, segments } = progress(counts);
  return html`<div class="progress" role="progressbar" aria-valuemin="0" aria-valuemax=${total} aria-valuenow=${done}
      aria-label="Trials that have ended" aria-valuetext="${done} of ${plural(total, 'trial')}">
    ${segments.map(({ state, share }) => html`<i data-state=${state} ${look({ width: `${share * 100}%` })}></i>`)}
  </div>`;
}

/** One figure with its name. */
export function figure(name, value, note = '', featured = false) {
  return html`<div class="figure" ?data-featured=${featured}><dt>${name}</dt><dd>${value}${note ? html`<small>${note}</small>` : nothing}</dd></div>`;
}

/** "3 of 12". */
export function of(done, total) {
  return html`${count(done)}<span class="quiet"> / ${count(total)}</span>`;
}
