import { html, nothing } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import * as format from '../model/format.js';
import { MAX_UPLOAD, imageOf, uploadFault } from '../model/upload.js';
import { View } from '../views/view.js';
import './command.js';
import { look } from './look.js';

const POLL = 700;
const KEPT = 6;
const FIRST = 5;

/** The model of a trial: exported on request, with its card, its bundle, and a place to try it on images. */
class Model extends View {
  static properties = { trial: {}, data: { state: true }, error: { state: true }, tried: { state: true }, over: { state: true } };

  #timer = 0;
  #abort = new AbortController();
  #onPaste = (event) => this.#paste(event);
  #keepPage = (event) => event.preventDefault();

  constructor() {
    super();
    this.data = null;
    this.error = '';
    this.tried = [];
    this.over = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#abort = new AbortController();
    document.addEventListener('paste', this.#onPaste);
    // A file that misses its place must not replace the page.
    addEventListener('dragover', this.#keepPage);
    addEventListener('drop', this.#keepPage);
    this.#load();
  }

  disconnectedCallback() {
    document.removeEventListener('paste', this.#onPaste);
    removeEventListener('dragover', this.#keepPage);
    removeEventListener('drop', this.#keepPage);
    clearTimeout(this.#timer);
    this.#abort.abort();
    super.disconnectedCallback();
  }

  get #address() {
    return `/api/v1/trials/${encodeURIComponent(this.trial)}/model`;
  }

  render() {
    return html`<h2 id="model">Model</h2>${this.#content()}`;
  }

  #content() {
    const { data } = this;
    if (this.error && !data) return html`<p class="notice" role="status">${this.error}.</p>`;
    if (!data) return html`<p class="quiet nothing" role="status">Looking for it…</p>`;
    if (data.state === 'ready') return this.#ready(data);
    if (data.state === 'exporting') return this.#progress(data);
    return this.#begin(data);
  }

  #begin({ state, possible, reason }) {
    return html`<p>Exported, the model is a folder that runs without Graft: ONNX and Deeplearning4j files that were found to agree, labels, preprocessing and a model card. Then it can also be tried here, on any image.</p>
      ${state === 'failed' ? html`<p class="notice" role="status">The export failed: ${reason}.</p>` : nothing}
      ${this.error ? html`<p class="notice" role="status">${this.error}.</p>` : nothing}
      ${possible
        ? html`<p class="actions"><button type="button" class="act main" @click=${this.#export}>${state === 'failed' ? 'Try again' : 'Export the model'}</button></p>
          <details><summary>In a terminal</summary><graft-command text="graft export ${this.trial} --to models/${this.trial}"></graft-command></details>`
        : html`<p class="reason" role="status">${sentence(reason)}</p>${reason.startsWith('models cannot') ? html`<graft-command text="graft export ${this.trial} --to models/${this.trial}"></graft-command>` : nothing}`}`;
  }

  #progress({ step, steps, ahead }) {
    const waiting = step === 0 && ahead > 0;
    const words = waiting ? `Waiting for ${format.plural(ahead, 'other export')}` : step === 0 ? 'Beginning' : `${steps[step - 1].charAt(0).toUpperCase()}${steps[step - 1].slice(1)}`;
    return html`<p role="status"><span class="spinner" aria-hidden="true"></span>${words}… <span class="quiet">${step > 0 ? `step ${step} of ${steps.length}` : nothing}</span></p>
      <div class="progress" role="progressbar" aria-label="Export" aria-valuemin="0" aria-valuemax=${steps.length} aria-valuenow=${Math.max(0, step - 1)} aria-valuetext=${words}>
        <i data-state="running" ${look({ width: `${(Math.max(0.3, step - 0.5) / steps.length) * 100}%` })}></i></div>`;
  }

  #ready({ folder, bytes, notes, card }) {
    return html`<p class="actions"><a class="act main" href="${this.#address}/bundle.zip" download="${this.trial}.zip">Download the bundle <span>${format.bytes(bytes)}</span></a>
        <span class="aside">It is in <code>${folder}</code></span></p>
      ${notes.map((note) => html`<p class="aside">${sentence(note)}</p>`)}
      <div class="model">
        <div class="try"><h3>Try it on an image</h3>${this.#zone()}${this.tried.map((each) => this.#result(each))}</div>
        <div class="card-text-frame"><h3 id="card">Model card</h3>
          <div class="card-text" tabindex="0" role="region" aria-labelledby="card">${guard([card], () => unsafeHTML(card))}</div></div>
      </div>`;
  }

  #zone() {
    return html`<div class="zone" ?data-over=${this.over} @dragenter=${this.#enter} @dragover=${this.#enter} @dragleave=${() => (this.over = false)} @drop=${this.#drop}>
      <p>Drop an image here, paste one, or <label class="act">choose a file<input type="file" class="hidden" accept="image/jpeg,image/png,image/gif,image/bmp" @change=${this.#pick}></label></p>
      <p class="aside">JPEG, PNG, GIF or BMP, up to ${MAX_UPLOAD / 1024 / 1024} MiB. It is read as training reads images, and kept nowhere.</p></div>`;
  }

  #result(each) {
    if (each.error) return html`<article class="tried"><p class="bad" role="status"><bdi>${each.name}</bdi>: ${sentence(each.error)}</p></article>`;
    if (!each.answer) return html`<article class="tried"><span class="seen box"></span><p class="quiet" role="status"><span class="spinner" aria-hidden="true"></span>Looking at <bdi>${each.name}</bdi>…</p></article>`;
    const { classes, width, height, seen } = each.answer;
    return html`<article class="tried" aria-label="What the model makes of ${each.name}">
      <figure><span class="seen box"><img src=${seen} alt="What the model was given of ${each.name}"></span><figcaption class="aside">as the model sees it</figcaption></figure>
      <div><p role="status"><strong><bdi>${classes[0].label}</bdi>, ${format.percent(classes[0].probability)}</strong> <span class="quiet"><bdi>${each.name}</bdi>, ${width} × ${height} pixels</span></p>
        ${bars(classes.slice(0, FIRST))}
        ${classes.length > FIRST ? html`<details><summary>${format.plural(classes.length - FIRST, 'more class', 'more classes')}</summary>${bars(classes.slice(FIRST, FIRST + 200))}</details>` : nothing}</div></article>`;
  }

  #enter(event) {
    event.preventDefault();
    this.over = true;
  }

  #drop(event) {
    event.preventDefault();
    this.over = false;
    this.#try(imageOf(event.dataTransfer));
  }

  #pick(event) {
    const [file] = event.target.files;
    event.target.value = '';
    this.#try(file);
  }

  #paste(event) {
    const file = imageOf(event.clipboardData);
    if (this.data?.state !== 'ready' || !file || event.target.closest?.('input, textarea')) return;
    event.preventDefault();
    this.#try(file);
  }

  async #try(file) {
    if (!file) {
      this.#add({ name: 'What was dropped', error: 'it is no file; save the image first, or copy it and paste' });
      return;
    }
    const entry = this.#add({ name: file.name || 'pasted image', error: uploadFault(file) });
    if (entry.error) return;
    try {
      const answer = await fetch(`${this.#address}/predict`, { method: 'POST', body: file, headers: { 'Content-Type': 'application/octet-stream' }, signal: this.#abort.signal });
      const body = await answer.json();
      if (answer.ok) entry.answer = body;
      else entry.error = body.error ?? `the server answered ${answer.status}`;
    } catch (problem) {
      entry.error = problem instanceof TypeError ? 'the server cannot be reached' : problem.message;
    }
    this.tried = [...this.tried];
  }

  #add(entry) {
    this.tried = [entry, ...this.tried].slice(0, KEPT);
    return entry;
  }

  async #export() {
    await this.#ask({ method: 'POST' });
  }

  async #load() {
    clearTimeout(this.#timer);
    await this.#ask({});
  }

  async #ask(options) {
    const { signal } = this.#abort;
    try {
      const answer = await fetch(this.#address, { ...options, signal, headers: { Accept: 'application/json' } });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.error ?? `the server answered ${answer.status}`);
      this.data = body;
      this.error = '';
    } catch (problem) {
      if (signal.aborted) return;
      this.error = problem instanceof TypeError ? 'The server cannot be reached' : problem.message;
    }
    if (!signal.aborted && this.data?.state === 'exporting') this.#timer = setTimeout(() => this.#load(), POLL);
  }
}

function bars(classes) {
  return html`<dl class="likely">${classes.map(({ label, probability }) => html`<div><dt><bdi title=${label}>${label}</bdi></dt><dd><i aria-hidden="true"><b ${look({ width: `${probability * 100}%` })}></b></i><span>${format.percent(probability)}</span></dd></div>`)}</dl>`;
}

function sentence(text) {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(start) ? start : `${start}.`;
}

customElements.define('graft-model', Model);
