import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { trialPath } from '../model/route.js';
import { router } from '../router.js';
import { View } from '../views/view.js';
import { chip } from './marks.js';

/** Trials, already filtered and sorted. Rows are kept by trial, so that news moves nothing that need not move. */
class TrialTable extends View {
  static properties = {
    trials: { attribute: false },
    columns: { attribute: false },
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
        <thead><tr>${this.columns.map((column) => this.#heading(column))}</tr></thead>
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
    return html`<tr data-trial=${trial.id} ?data-best=${best} ?data-hover=${trial.id === this.hover}>
      ${this.columns.map((column) => this.#cell(column, trial, best))}
    </tr>`;
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
    router.choose({ sort: column.key === 'rank' && next === 'asc' ? '' : column.key, order: next === column.first ? '' : next });
  }

  #over(event) {
    this.#send(event.target.closest('tr')?.dataset.trial ?? '');
  }

  #send(id) {
    if (id !== this.hover) this.dispatchEvent(new CustomEvent('hover-trial', { detail: id }));
  }

  #open(event) {
    // The link in the row is for keyboards and new tabs; a plain click anywhere else, unless it selects text, does the same.
    if (event.target.closest('a') || String(getSelection())) return;
    const id = event.target.closest('tr')?.dataset.trial;
    if (id) router.go(trialPath(id));
  }
}

customElements.define('graft-trial-table', TrialTable);
