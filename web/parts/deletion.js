import { html, nothing } from 'lit';
import * as format from '../model/format.js';
import { View } from '../views/view.js';
import { send, sweepAddress } from './send.js';

/** A dialog that says what deleting a sweep frees, and deletes it when told so; then it dispatches `deleted`. */
class Deletion extends View {
  static properties = { sweep: { state: true }, found: { state: true }, problem: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.sweep = null;
    this.found = null;
    this.problem = '';
    this.busy = false;
  }

  /** Opens it. @param {{id: string, name: string}} sweep */
  async ask(sweep) {
    this.sweep = sweep;
    this.found = null;
    this.problem = '';
    await this.updateComplete;
    this.querySelector('dialog').showModal();
    try {
      const found = await send('GET', `${sweepAddress(sweep.id)}/deletion`);
      if (this.sweep === sweep) this.found = found;
    } catch (problem) {
      if (this.sweep === sweep) this.problem = problem.message;
    }
  }

  render() {
    if (!this.sweep) return nothing;
    const { found } = this;
    return html`<dialog class="dialog" aria-labelledby="deletion" @close=${this.#closed} @click=${this.#outside}>
      <div class="dialog-body">
        <h2 id="deletion">Delete <bdi>${this.sweep.name}</bdi> for good?</h2>
        ${found ? this.#what(found) : this.problem ? nothing : html`<p class="quiet" role="status">Looking what it would free…</p>`}
        ${this.problem ? html`<p class="notice" role="alert">${this.problem}</p>` : nothing}
        ${found?.obstacle ? html`<p class="notice" role="alert">It cannot be deleted now: ${found.obstacle}.</p>` : nothing}
        <div class="buttons"><button type="button" class="danger" ?disabled=${!found || found.obstacle || this.busy} @click=${this.#delete}>${this.busy ? 'Deleting…' : 'Delete for good'}</button>
          <button type="button" class="pick" autofocus @click=${this.#close}>Cancel</button></div>
      </div></dialog>`;
  }

  #what(found) {
    const files = (part, one, many) => part.files === 0
      ? nothing
      : html`<li><span>${format.plural(part.files, one, many)}</span><span>${format.bytes(part.bytes)}</span></li>`;
    return html`<ul class="freed">
        <li><span>${format.plural(found.trials, 'recorded trial')}, ${format.count(found.finished)} finished, with all epochs and predictions</span></li>
        ${files(found.models, 'kept model')}${files(found.logs, 'log')}${files(found.bundles, 'file of exported models', 'files of exported models')}
      </ul>
      <p>${found.bytes > 0 ? html`This frees <strong>${format.bytes(found.bytes)}</strong> and cannot be undone.` : 'This cannot be undone.'}
        Later sweeps cannot take over its results any more. Its features stay in the cache until <code>graft gc --features</code>.</p>`;
  }

  #close = () => this.querySelector('dialog')?.close();

  #closed() {
    this.sweep = null;
    this.dispatchEvent(new CustomEvent('closed'));
  }

  #outside(event) {
    if (event.target === event.currentTarget && !this.busy) this.#close();
  }

  async #delete() {
    const { sweep } = this;
    this.busy = true;
    try {
      const freed = await send('DELETE', sweepAddress(sweep.id));
      this.dispatchEvent(new CustomEvent('deleted', { detail: { sweep, freed } }));
      this.#close();
    } catch (problem) {
      this.problem = problem.message;
    }
    this.busy = false;
  }
}

customElements.define('graft-deletion', Deletion);
