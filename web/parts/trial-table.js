import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { trialPath } from '../model/route.js';
import { router } from '../router.js';
import { View } from '../views/view.js';
import { chip } from './marks.js';

/**
 * A page of trials, already sorted. Rows are kept by trial, so that news moves nothing that need not move. Sends
 * `hover-trial` with an id, `select-trial` with a number, `mark-trial` with an id and what is to be noted.
 */
class TrialTable extends View {
  static properties = {
    trials: { attribute: false },
    columns: { attribute: false },
    selected: { attribute: false },
    sort: {},
    order: {},
    best: {},
    metric: {},
    hover: {},
  };

  render() {
    return html`<div class="scroller tall" tabindex="0" role="region" aria-label="Trials of this sweep">
      <table class="trials">
        <caption class="hidden">Trials; metrics are those of each trial's best epoch. Column headings sort.</caption>
        <thead><tr><td class="tick"><span class="hidden">Compare</span></td>${this.columns.map((column) => this.#heading(column))}<td><span class="hidden">Marks</span></td></tr></thead>
        <tbody @mouseover=${this.#over} @mouseleave=${() => this.#send('')} @focusin=${this.#over} @focusout=${() => this.#send('')} @click=${this.#open}>
          ${repeat(this.trials, (trial) => trial.id, (trial) => this.#row(trial))}
        </tbody>
      </table>
    </div>`;
  }

  #heading(column) {
    const sorted = column.key === this.sort;
    const order = sorted ? this.order || column.first : '';
    return html`<th scope="col" class=${column.numeric ? 'number' : ''} aria-sort=${sorted ? (order === 'asc' ? 'ascending' : 'descending') : nothing}>
      <button type="button" @click=${() => this.#sortBy(column, order)}><span>${column.label}</span><i aria-hidden="true">${order === 'asc' ? '▲' : order === 'desc' ? '▼' : ''}</i></button></th>`;
  }

  #row(trial) {
    const best = trial.id === this.best;
    return html`<tr data-trial=${trial.id} ?data-best=${best} ?data-hover=${trial.id === this.hover} ?data-hidden=${trial.hidden}>
      <td class="tick"><input type="checkbox" aria-label="Compare trial ${trial.number}" .checked=${this.selected.includes(trial.number)}
        @change=${() => this.dispatchEvent(new CustomEvent('select-trial', { detail: trial.number }))}></td>
      ${this.columns.map((column) => this.#cell(column, trial, best))}
      <td class="marks">${this.#mark(trial, 'pinned', trial.pinned ? 'Unpin' : 'Pin')}${this.#mark(trial, 'hidden', trial.hidden ? 'Show' : 'Hide')}</td>
    </tr>`;
  }

  #mark(trial, mark, word) {
    const set = trial[mark];
    return html`<button type="button" class="mark" data-mark=${mark} aria-pressed=${set} title="${word} trial ${trial.number}" aria-label="${word} trial ${trial.number}"
      @click=${() => this.dispatchEvent(new CustomEvent('mark-trial', { detail: { id: trial.id, [mark]: !set } }))}>${signs[mark]}</button>`;
  }

  #cell(column, trial, best) {
    if (column.key === 'number') {
      return html`<th scope="row" class="number"><a href=${trialPath(trial.id)} aria-label="Trial ${trial.number}${best ? ', the best' : ''}">${trial.number}</a></th>`;
    }
    if (column.key === 'state') return html`<td>${chip(trial.state, trial.reason)}</td>`;
    const text = column.text(trial);
    return html`<td class=${column.numeric ? 'number' : ''} ?data-metric=${column.key === this.metric}>${column.parameter ? html`<bdi title=${text}>${text}</bdi>` : text}</td>`;
  }

  #sortBy(column, order) {
    const next = order === '' ? column.first : order === 'asc' ? 'desc' : 'asc';
    router.choose({ sort: column.key === 'rank' && next === 'asc' ? '' : column.key, order: next === column.first ? '' : next, page: '' });
  }

  #over(event) {
    this.#send(event.target.closest('tr')?.dataset.trial ?? '');
  }

  #send(id) {
    if (id !== this.hover) this.dispatchEvent(new CustomEvent('hover-trial', { detail: id, bubbles: true }));
  }

  #open(event) {
    // The link in the row is for keyboards and new tabs; a plain click anywhere else, unless it selects text, does the same.
    if (event.target.closest('a, button, input, .tick, .marks') || String(getSelection())) return;
    const id = event.target.closest('tr')?.dataset.trial;
    if (id) router.go(trialPath(id));
  }
}

const signs = {
  pinned: html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M9.500 1.500 14.500 6.500 11 8.500 8.500 11 8 13.500 5.250 10.750 1.500 14.500 5.250 10.750 2.500 8 5 7.500 7.500 5z"></path></svg>`,
  hidden: html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M1.500 8C3 5 5.250 3.500 8 3.500S13 5 14.500 8C13 11 10.750 12.500 8 12.500S3 11 1.500 8z"></path><path d="M3 13 13 3"></path></svg>`,
};

customElements.define('graft-trial-table', TrialTable);
