import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as format from '../model/format.js';
import { progress } from '../model/progress.js';
import { sweepPath, trialPath } from '../model/route.js';
import { countTags, excerpt, filterSweeps, tagsOf, toggled } from '../model/sweeps.js';
import { chip, of, progressBar } from '../parts/marks.js';
import { send, sweepAddress } from '../parts/send.js';
import { bestSoFar } from '../parts/sparkline.js';
import '../parts/command.js';
import '../parts/deletion.js';
import '../parts/menu.js';
import '../parts/notes.js';
import { Resource } from '../resource.js';
import { router } from '../router.js';
import { Page } from './view.js';

const MOST_TAGS = 24;

/** How long what was just changed here counts more than what was fetched meanwhile. */
const TRUSTED = 5000;
const TOAST = 12000;

/** All sweeps, the newest first. Search, tags and whether archived ones are shown are in the address. */
class Sweeps extends Page {
  static properties = {
    query: { attribute: false },
    editing: { state: true },
    noting: { state: true },
    toast: { state: true },
  };

  #sweeps = new Resource(this);
  /** What was changed here, by sweep, until the record is seen to say the same. @type {Map<string, {until: number, noted: any}>} */
  #changes = new Map();
  #toastTimer = 0;
  #searching = (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, textarea, select, dialog')) return;
    const search = this.querySelector('input[type="search"]');
    if (!search) return;
    event.preventDefault();
    search.focus();
  };

  constructor() {
    super();
    this.query = {};
    /** What is being edited: `{id, part, text, problem, busy}`. */
    this.editing = null;
    /** The sweep whose notes are open. */
    this.noting = null;
    this.toast = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#sweeps.show('/api/v1/sweeps');
    this.setTitle('Sweeps');
    document.addEventListener('keydown', this.#searching);
  }

  disconnectedCallback() {
    document.removeEventListener('keydown', this.#searching);
    clearTimeout(this.#toastTimer);
    super.disconnectedCallback();
  }

  render() {
    if (!this.#sweeps.data) return this.waiting(this.#sweeps, 'sweeps');
    const sweeps = this.#sweeps.data.map((sweep) => this.#changed(sweep)).filter(Boolean);
    return html`${sweeps.length === 0 ? empty : this.#list(sweeps)}
      ${this.#notes(sweeps)}
      <graft-deletion @deleted=${this.#deleted} @closed=${this.#dialogClosed}></graft-deletion>
      <div class="toast" role="status" ?hidden=${!this.toast}>${this.toast
        ? html`<span>${this.toast.text}</span>${this.toast.undo ? html`<button type="button" class="plain" @click=${this.toast.undo}>Undo</button>` : nothing}
          <button type="button" class="close" aria-label="Dismiss" @click=${() => this.#say(null)}>×</button>`
        : nothing}</div>`;
  }

  #list(sweeps) {
    const { q = '', tag = '', archived = '' } = this.query;
    const tags = tagsOf(tag);
    const shown = filterSweeps(sweeps, { text: q, tags, archived: Boolean(archived) });
    const running = sweeps.filter((sweep) => sweep.state === 'running').length;
    const away = sweeps.filter((sweep) => sweep.archived).length;
    return html`
      <div class="head"><h1 tabindex="-1">Sweeps</h1>
        <p class="quiet">${format.plural(sweeps.length - away, 'sweep')}${running ? html`, ${running} running` : nothing}${away ? html`, ${format.count(away)} archived` : nothing}</p></div>
      ${this.stale(this.#sweeps)}
      ${sweeps.length > 1 || away || q || tag ? this.#filter(sweeps, shown, q, tags, archived, away) : nothing}
      ${shown.length === 0 ? this.#none(sweeps, q, tags, away) : html`<div class="card flush">
        <table class="stacking sweeps">
          <caption class="hidden">Sweeps, the newest first</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">State</th><th scope="col">Trials</th><th scope="col" class="number">Best</th>
            <th scope="col">Best so far</th><th scope="col">Started</th><th scope="col" class="number">Duration</th><td></td></tr></thead>
          <tbody>${repeat(shown, (sweep) => sweep.id, (sweep) => this.#row(sweep, tags, sweeps))}</tbody>
        </table>
      </div>`}`;
  }

  #filter(sweeps, shown, q, tags, archived, away) {
    const known = countTags(sweeps.filter((sweep) => archived || !sweep.archived));
    const listed = known.slice(0, MOST_TAGS);
    for (const tag of tags) {
      if (!listed.some((each) => each.tag === tag)) listed.push({ tag, count: 0 });
    }
    const narrowed = q || tags.length > 0;
    return html`<div class="filter">
      <label class="search"><span class="hidden">Search sweeps</span>
        <input type="search" placeholder="Search names, tags, notes, bases" aria-keyshortcuts="/" .value=${q} @input=${(event) => router.choose({ q: event.target.value })}></label>
      ${listed.length > 0
        ? html`<div class="picks" role="group" aria-label="Tags">${listed.map(({ tag, count }) => html`<button type="button" class="pick tag" aria-pressed=${tags.includes(tag)} @click=${() => this.#pickTag(tags, tag)}><bdi>${tag}</bdi> <span>${count}</span></button>`)}</div>`
        : nothing}
      ${away || archived
        ? html`<button type="button" class="pick" aria-pressed=${Boolean(archived)} @click=${() => router.choose({ archived: archived ? '' : '1' })}>Show archived <span>${away}</span></button>`
        : nothing}
      <span class="quiet matches" role="status">${narrowed ? `${format.count(shown.length)} of ${format.count(archived ? sweeps.length : sweeps.length - away)}` : nothing}</span>
    </div>`;
  }

  #pickTag(tags, tag) {
    router.choose({ tag: toggled(tags, tag).join(',') });
  }

  #none(sweeps, q, tags, away) {
    if (!q && tags.length === 0) {
      return html`<section class="card none"><p>${away === 1 ? 'The only sweep is archived.' : `All ${format.count(away)} sweeps are archived.`}</p>
        <button type="button" class="pick" @click=${() => router.choose({ archived: '1' })}>Show archived</button></section>`;
    }
    const hidden = filterSweeps(sweeps, { text: q, tags, archived: true }).length;
    return html`<section class="card none"><p>No sweep matches${hidden ? `, but ${format.plural(hidden, 'archived one')} ${hidden === 1 ? 'does' : 'do'}` : ''}.</p>
      <div class="buttons">${hidden ? html`<button type="button" class="pick" @click=${() => router.choose({ archived: '1' })}>Show archived</button>` : nothing}
        <button type="button" class="pick" @click=${() => router.choose({ q: '', tag: '' })}>Show all</button></div></section>`;
  }

  #row(sweep, tags, sweeps) {
    const { total, done } = progress(sweep.counts);
    const failed = (sweep.counts.failed ?? 0) + (sweep.counts.crashed ?? 0);
    const running = sweep.state === 'running';
    const best = format.metric(sweep.metric, sweep.best_value);
    return html`<tr data-sweep=${sweep.id} ?data-archived=${sweep.archived}>
      <th scope="row">${this.#name(sweep)}
        <small>${[sweep.id, sweep.method, ...sweep.bases].map((part, index) => html`${index ? ' · ' : ''}<bdi>${part}</bdi>`)}</small>
        ${this.#tags(sweep, tags, sweeps)}
        ${sweep.notes ? html`<button type="button" class="excerpt" title="Read the notes" @click=${() => this.#openNotes(sweep)}><bdi>${excerpt(sweep.notes)}</bdi></button>` : nothing}</th>
      <td data-label="State">${chip(sweep.state, sweep.reason)}${sweep.archived ? html`<small>archived</small>` : nothing}</td>
      <td data-label="Trials" class="wide">${progressBar(sweep.counts)}<span class="under">${of(done, total)}${failed ? html`<span class="bad">, ${failed} failed</span>` : nothing}</span></td>
      <td data-label="Best" class="number">${sweep.best_trial
        ? html`<a class="best" href=${trialPath(sweep.best_trial)} aria-label="${best}, trial ${sweep.best_trial}">${best}</a>`
        : format.MISSING}<small>${format.metricName(sweep.metric)}</small></td>
      <td data-label="Best so far" class="spark">${bestSoFar(sweep.sparkline, sweep.metric)}</td>
      <td data-label="Started"><time datetime=${sweep.created_at} title=${format.dateTime(sweep.created_at)}>${format.ago(sweep.created_at, this.now)}</time></td>
      <td data-label="Duration" class="number">${format.duration(format.secondsBetween(sweep.created_at, sweep.ended_at, this.now))}${running ? html`<small>${this.#left(sweep)}</small>` : nothing}</td>
      <td class="act"><graft-menu .label=${`Actions for ${sweep.name}`} .items=${this.#actions(sweep)}></graft-menu></td>
    </tr>`;
  }

  #left(sweep) {
    if (!sweep.eta_at) return 'time left not known yet';
    const seconds = (Date.parse(sweep.eta_at) - this.now) / 1000;
    return seconds > 0 ? `${format.about(seconds)} left` : 'soon done';
  }

  #actions(sweep) {
    return [
      { text: 'Rename', act: () => this.#edit(sweep, 'name') },
      { text: sweep.tags.length > 0 ? 'Edit tags' : 'Add tags', act: () => this.#edit(sweep, 'tags') },
      { text: sweep.notes ? 'Notes' : 'Add notes', act: () => this.#openNotes(sweep) },
      { text: sweep.archived ? 'Unarchive' : 'Archive', act: () => this.#archive(sweep, !sweep.archived) },
      { text: 'Delete…', danger: true, act: () => this.querySelector('graft-deletion').ask(sweep) },
    ];
  }

  #name(sweep) {
    if (this.editing?.id !== sweep.id || this.editing.part !== 'name') {
      return html`<a class="title" href=${sweepPath(sweep.id)}><bdi>${sweep.name}</bdi></a>`;
    }
    const { text, problem, busy } = this.editing;
    return html`<form class="inline" @submit=${(event) => this.#saveName(event, sweep)} @keydown=${this.#escape}>
      <input type="text" aria-label="Name of this sweep" maxlength="200" placeholder=${sweep.recorded_name} .value=${text} @input=${(event) => this.#type(event.target.value)}>
      <div class="buttons"><button type="submit" class="solid" ?disabled=${busy}>Save</button><button type="button" class="pick" @click=${() => this.#stop()}>Cancel</button></div>
      ${text.trim() ? nothing : html`<p class="aside">Empty for the name in its file, <bdi>${sweep.recorded_name}</bdi>.</p>`}
      ${problem ? html`<p class="notice" role="alert">${problem}</p>` : nothing}
    </form>`;
  }

  #tags(sweep, tags, sweeps) {
    if (this.editing?.id !== sweep.id || this.editing.part !== 'tags') {
      return sweep.tags.length === 0
        ? nothing
        : html`<div class="tags">${sweep.tags.map((tag) => html`<button type="button" class="tag" aria-pressed=${tags.includes(tag)} title="Show sweeps with this tag" @click=${() => this.#pickTag(tags, tag)}><bdi>${tag}</bdi></button>`)}</div>`;
    }
    const { text, problem, busy } = this.editing;
    const others = countTags(sweeps).map(({ tag }) => tag).filter((tag) => !sweep.tags.includes(tag));
    return html`<form class="inline" @submit=${(event) => this.#addTag(event, sweep)} @keydown=${this.#escape}>
      ${sweep.tags.length > 0
        ? html`<div class="tags">${sweep.tags.map((tag) => html`<button type="button" class="tag" ?disabled=${busy} aria-label="Take away the tag ${tag}" @click=${() => this.#setTags(sweep, sweep.tags.filter((each) => each !== tag))}><bdi>${tag}</bdi> <i aria-hidden="true">×</i></button>`)}</div>`
        : nothing}
      <input type="text" aria-label="New tag" list="tags" maxlength="50" placeholder="New tag" .value=${text} @input=${(event) => this.#type(event.target.value)}>
      <datalist id="tags">${others.map((tag) => html`<option value=${tag}></option>`)}</datalist>
      <div class="buttons"><button type="submit" class="solid" ?disabled=${busy || !text.trim()}>Add</button><button type="button" class="pick" @click=${() => this.#stop()}>Done</button></div>
      ${problem ? html`<p class="notice" role="alert">${problem}</p>` : nothing}
    </form>`;
  }

  async #edit(sweep, part) {
    this.editing = { id: sweep.id, part, text: part === 'name' ? sweep.name : '', problem: '', busy: false };
    await this.updateComplete;
    const input = this.#rowOf(sweep.id)?.querySelector('form.inline input');
    input?.focus();
    input?.select();
  }

  #type(text) {
    this.editing = { ...this.editing, text };
  }

  #escape = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#stop();
  };

  async #stop() {
    const id = this.editing?.id;
    this.editing = null;
    await this.updateComplete;
    this.#rowOf(id)?.querySelector('graft-menu')?.focus();
  }

  #rowOf(id) {
    return [...this.querySelectorAll('tr[data-sweep]')].find((row) => row.dataset.sweep === id);
  }

  async #saveName(event, sweep) {
    event.preventDefault();
    const name = this.editing.text.trim();
    if (await this.#change(sweep, { name: name === sweep.recorded_name ? '' : name })) await this.#stop();
  }

  async #addTag(event, sweep) {
    event.preventDefault();
    const added = tagsOf(this.editing.text);
    if (added.length > 0) await this.#setTags(sweep, [...sweep.tags, ...added]);
  }

  async #setTags(sweep, tags) {
    if (!(await this.#change(sweep, { tags }))) return;
    this.#type('');
    await this.updateComplete;
    this.#rowOf(sweep.id)?.querySelector('form.inline input')?.focus();
  }

  /** Changes what is noted, and says whether that succeeded; what was typed stays until it does. */
  async #change(sweep, changes) {
    if (this.editing) this.editing = { ...this.editing, busy: true, problem: '' };
    let problem = '';
    try {
      this.#changes.set(sweep.id, { until: Date.now() + TRUSTED, noted: await send('PATCH', sweepAddress(sweep.id), changes) });
    } catch (error) {
      problem = error.message;
    }
    if (this.editing?.id === sweep.id) this.editing = { ...this.editing, busy: false, problem };
    else if (problem) this.#say(problem);
    this.requestUpdate();
    return !problem;
  }

  /** A sweep as it was just changed here; nothing for one that was deleted. */
  #changed(sweep) {
    const change = this.#changes.get(sweep.id);
    if (!change) return sweep;
    if (change.gone) return null;
    const { name, tags, archived, notes } = change.noted;
    const known = sweep.name === name && sweep.archived === archived && sweep.notes === notes && sweep.tags.join() === tags.join();
    if (known || change.until < Date.now()) {
      this.#changes.delete(sweep.id);
      return sweep;
    }
    return { ...sweep, name, tags, archived, notes };
  }

  async #archive(sweep, archived) {
    if (!(await this.#change(sweep, { archived }))) return;
    this.#say(archived ? html`<bdi>${sweep.name}</bdi> is archived.` : html`<bdi>${sweep.name}</bdi> is listed again.`, () => {
      this.#say(null);
      this.#change(sweep, { archived: !archived });
    });
    if (archived && !this.query.archived) this.#focusTop();
  }

  #deleted(event) {
    const { sweep, freed } = event.detail;
    this.#changes.set(sweep.id, { gone: true });
    const left = freed.notes.length > 0 ? html` ${freed.notes.join(' ')}` : '';
    this.#say(html`<bdi>${sweep.name}</bdi> is deleted${freed.bytes > 0 ? `, ${format.bytes(freed.bytes)} freed` : ''}.${left}`);
    this.requestUpdate();
  }

  /** Where the dialog was opened from may be gone. */
  async #dialogClosed() {
    await this.updateComplete;
    if (!document.activeElement || document.activeElement === document.body) this.#focusTop();
  }

  #focusTop() {
    this.querySelector('h1')?.focus({ preventScroll: true });
  }

  #say(text, undo = null) {
    clearTimeout(this.#toastTimer);
    this.toast = text ? { text, undo } : null;
    if (text) this.#toastTimer = setTimeout(() => (this.toast = null), TOAST);
  }

  async #openNotes(sweep) {
    this.noting = sweep.id;
    await this.updateComplete;
    this.querySelector('dialog.noting').showModal();
  }

  #notes(sweeps) {
    const sweep = sweeps.find((each) => each.id === this.noting);
    if (!sweep) return nothing;
    return html`<dialog class="dialog noting" aria-labelledby="noting" @close=${() => (this.noting = null)} @cancel=${this.#keepUnsaved}>
      <div class="dialog-body"><div class="dialog-head"><h2 id="noting">Notes on <bdi>${sweep.name}</bdi></h2>
        <button type="button" class="close" aria-label="Close" @click=${(event) => event.target.closest('dialog').close()}>×</button></div>
        <graft-notes .sweep=${sweep.id}></graft-notes></div></dialog>`;
  }

  /** Escape in the middle of a sentence is more often a slip than a wish. */
  #keepUnsaved(event) {
    if (event.target.querySelector('graft-notes')?.unsaved) event.preventDefault();
  }
}

const empty = html`<section class="empty planted">
  <svg viewBox="0 0 120 96" width="150" height="120" aria-hidden="true">
    <path class="ground" d="M14 84h92"></path>
    <path class="stem" d="M60 84V44"></path>
    <path class="leaf" d="M60 52c0-16 10-27 30-27 0 20-11 27-30 27z"></path>
    <path class="leaf bud" d="M60 66c0-13-9-21-26-21 0 16 10 21 26 21z"></path>
  </svg>
  <h1 tabindex="-1">No sweeps yet</h1>
  <p>A sweep trains every combination your file names and keeps the record. It appears here as soon as it starts.</p>
  <dl class="commands">
    <dt>See one at work, without any data of your own</dt><dd><graft-command text="graft demo"></graft-command></dd>
    <dt>Run your own file</dt><dd><graft-command text="graft run sweeps/quickstart.yaml"></graft-command></dd>
  </dl>
</section>`;

customElements.define('graft-sweeps', Sweeps);
