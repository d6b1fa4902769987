import { html, nothing } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { Resource } from '../resource.js';
import { View } from '../views/view.js';
import { send, sweepAddress } from './send.js';

/**
 * The notes on a sweep, read and written: `<graft-notes sweep="ID">`. What is typed is kept in this tab until it is saved
 * or dropped, whatever else happens.
 */
class Notes extends View {
  static properties = {
    sweep: {},
    draft: { state: true },
    tab: { state: true },
    preview: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  #noted = new Resource(this);
  /** The notes that the draft began from; others may have changed them since. */
  #base = '';

  constructor() {
    super();
    this.draft = null;
    this.tab = 'write';
    this.preview = '';
    this.busy = false;
    this.problem = '';
  }

  willUpdate(changed) {
    if (!changed.has('sweep') || !this.sweep) return;
    this.#noted.show(`${sweepAddress(this.sweep)}/annotation`);
    this.draft = null;
    this.problem = '';
    const kept = recall(this.sweep);
    if (kept) {
      this.#base = kept.base;
      this.draft = kept.draft;
    }
  }

  /** Whether something typed has not been saved. */
  get unsaved() {
    return this.draft !== null && this.draft !== this.#base;
  }

  render() {
    const noted = this.#noted.data;
    if (!noted) {
      return html`<p class="quiet nothing" role="status">${this.#noted.error ? `The notes cannot be shown: ${this.#noted.error}.` : 'Loading notes…'}</p>`;
    }
    return this.draft === null ? this.#read(noted) : this.#write(noted);
  }

  #read(noted) {
    if (!noted.notes) {
      return html`<p class="quiet">Nothing noted yet: why it was run, what came of it, what to try next.</p>
        <button type="button" class="pick" @click=${() => this.#begin(noted)}>Add notes</button>`;
    }
    return html`<div class="prose">${unsafeHTML(noted.notes_html)}</div>
      <button type="button" class="pick" @click=${() => this.#begin(noted)}>Edit notes</button>`;
  }

  #write(noted) {
    const tab = (name, text) => html`<button type="button" class="pick" aria-pressed=${this.tab === name} @click=${() => this.#show(name)}>${text}</button>`;
    return html`<form class="writing" @submit=${this.#save} @keydown=${this.#key}>
      <div class="picks" role="group" aria-label="Notes">${tab('write', 'Write')}${tab('preview', 'Preview')}</div>
      ${this.tab === 'write'
        ? html`<textarea aria-label="Notes in Markdown" rows="9" maxlength="100000" spellcheck="true" .value=${this.draft} @input=${this.#typed}></textarea>`
        : html`<div class="prose preview" aria-live="polite">${this.draft.trim() ? unsafeHTML(this.preview) : html`<p class="quiet">Nothing to show.</p>`}</div>`}
      ${noted.notes === this.#base ? nothing : html`<p class="notice">Somebody changed these notes meanwhile. Saving replaces theirs.</p>`}
      ${this.problem ? html`<p class="notice" role="alert">${this.problem} What you typed is still here.</p>` : nothing}
      <div class="buttons"><button type="submit" class="solid" ?disabled=${this.busy}>Save</button>
        <button type="button" class="pick" @click=${this.#drop}>Cancel</button>
        <span class="aside">Markdown. Ctrl+Enter saves.</span></div>
    </form>`;
  }

  async #begin(noted) {
    this.#base = noted.notes;
    this.draft = noted.notes;
    this.tab = 'write';
    await this.updateComplete;
    this.querySelector('textarea')?.focus();
  }

  #typed(event) {
    this.draft = event.target.value;
    keep(this.sweep, this.unsaved ? { base: this.#base, draft: this.draft } : null);
  }

  async #show(tab) {
    this.tab = tab;
    if (tab === 'write') {
      await this.updateComplete;
      this.querySelector('textarea')?.focus();
      return;
    }
    try {
      this.preview = (await send('POST', '/api/v1/notes/preview', { notes: this.draft })).notes_html;
      this.problem = '';
    } catch (problem) {
      this.problem = problem.message;
      this.tab = 'write';
    }
  }

  #key(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#save(event);
  }

  async #save(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    const { sweep, draft } = this;
    try {
      this.#noted.data = await send('PATCH', sweepAddress(sweep), { notes: draft });
      keep(sweep, null);
      this.problem = '';
      this.draft = null;
      this.dispatchEvent(new CustomEvent('noted', { bubbles: true }));
      await this.updateComplete;
      this.querySelector('button')?.focus();
    } catch (problem) {
      this.problem = problem.message;
    }
    this.busy = false;
  }

  #drop() {
    keep(this.sweep, null);
    this.draft = null;
    this.problem = '';
  }
}

function keep(sweep, entry) {
  try {
    if (entry) sessionStorage.setItem(`notes-${sweep}`, JSON.stringify(entry));
    else sessionStorage.removeItem(`notes-${sweep}`);
  } catch {
    // A browser that keeps nothing; the text is still in the field.
  }
}

function recall(sweep) {
  try {
    return JSON.parse(sessionStorage.getItem(`notes-${sweep}`) ?? 'null');
  } catch {
    return null;
  }
}

customElements.define('graft-notes', Notes);
