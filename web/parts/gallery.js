import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as format from '../model/format.js';
import { chosen, imageAddress, imagesAddress } from '../model/images.js';
import { router } from '../router.js';
import { View } from '../views/view.js';
import { predictionTable } from './evaluation.js';

const PAGE = 24;
const BUSY = 503;

/**
 * Images of a trial and what it took them for: its most confident mistakes, or those of a cell, row or column of the
 * confusion matrix. One can be opened large; which one is in the address.
 */
class Gallery extends View {
  static properties = {
    trial: {},
    label: {},
    predicted: {},
    order: {},
    image: {},
    version: {},
    data: { state: true },
    error: { state: true },
    alone: { state: true },
    faults: { state: true },
  };

  #asked = '';
  #abort = null;
  #more = false;
  #retries = new Map();

  constructor() {
    super();
    this.label = '';
    this.predicted = '';
    this.order = '';
    this.image = '';
    this.data = null;
    this.alone = null;
    this.error = '';
    this.faults = new Map();
  }

  disconnectedCallback() {
    this.#abort?.abort();
    this.#retries.forEach(clearTimeout);
    super.disconnectedCallback();
  }

  willUpdate() {
    const asked = imagesAddress(this.trial, this, PAGE);
    const key = `${asked} ${this.version}`;
    if (key !== this.#asked) {
      this.#asked = key;
      this.#load(asked);
    }
    if (/^\d{1,9}$/.test(this.image) && !this.#opened && this.alone?.asked !== this.image) this.#loadAlone(this.image);
  }

  updated() {
    const dialog = this.querySelector('dialog');
    if (!dialog) return;
    if (this.#opened && !dialog.open) dialog.showModal();
    if (!this.#opened && dialog.open) dialog.close();
  }

  get #opened() {
    if (!this.image) return null;
    return this.data?.images.find((each) => String(each.position) === this.image) ?? (this.alone?.asked === this.image ? this.alone.found : null);
  }

  render() {
    return html`<div class="gallery-head"><h2 id="images">${this.#title()}</h2>${this.#choices()}</div>
      ${this.#content()}
      <dialog class="large" aria-label="Image" @close=${this.#closed} @keydown=${this.#key} @click=${(event) => event.target === event.currentTarget && event.target.close()}>
        ${this.#opened ? this.#large(this.#opened) : nothing}
      </dialog>`;
  }

  #title() {
    const { label, predicted } = this;
    if (label && predicted) return label === predicted ? html`<bdi>${label}</bdi>, recognised` : html`<bdi>${label}</bdi> taken for <bdi>${predicted}</bdi>`;
    if (label) return html`<bdi>${label}</bdi> taken for something else`;
    if (predicted) return html`Something else taken for <bdi>${predicted}</bdi>`;
    return this.order === 'doubtful' ? 'Least confident mistakes' : 'Most confident mistakes';
  }

  #choices() {
    const pick = (order, text) => html`<button type="button" class="pick" aria-pressed=${this.order === order} @click=${() => router.choose({ order })}>${text}</button>`;
    return html`<div class="choices">
      ${this.label || this.predicted ? html`<button type="button" class="plain" @click=${() => router.choose({ label: '', predicted: '' })}>All mistakes</button>` : nothing}
      <div class="picks" role="group" aria-label="Order">${pick('', 'Surest first')}${pick('doubtful', 'Least sure first')}</div></div>`;
  }

  #content() {
    const again = () => (this.data ? this.#loadMore() : this.#load(imagesAddress(this.trial, this, PAGE)));
    const trouble = this.error
      ? html`<p class="notice" role="status">The images cannot be listed: ${this.error}. <button type="button" class="pick" @click=${again}>Try again</button></p>`
      : nothing;
    if (!this.data && this.error) return trouble;
    if (!this.data) return html`<p class="quiet nothing" role="status">Looking for them…</p>`;
    const { images, total, reason, next } = this.data;
    if (total === 0) return html`<p class="quiet nothing" role="status">There are none${chosen(this) ? '' : ': every image was predicted rightly'}.</p>`;
    return html`${trouble}<p class="aside" role="status">${format.plural(total, 'image')}${images.length < total ? `, ${format.count(images.length)} of them here` : ''}.
        ${chosen(this) ? nothing : 'Look here first for wrong labels.'} ${reason ? html`The images themselves cannot be shown: ${reason}.` : nothing}</p>
      ${reason
        ? predictionTable(images)
        : html`<ul class="gallery">${repeat(images, (each) => each.position, (each) => this.#thumb(each))}</ul>`}
      ${next ? html`<p class="further"><button type="button" class="act" @click=${this.#loadMore} ?disabled=${this.#more}>Show ${Math.min(PAGE, total - images.length)} more</button></p>` : nothing}`;
  }

  #thumb(each) {
    const says = `is ${each.label}, predicted ${each.predicted}, ${format.percent(each.confidence)}`;
    return html`<li class="thumb" ?data-wrong=${each.label !== each.predicted}>
      <button type="button" @click=${() => router.choose({ image: String(each.position) })} aria-label="Enlarge ${each.image}: ${says}" title=${each.image}>${this.#picture(each, 256, true)}</button>
      <dl><div><dt>is</dt><dd><bdi>${each.label}</bdi></dd></div><div><dt>predicted</dt><dd><bdi>${each.predicted}</bdi> <span class="sure">${format.percent(each.confidence, 0)}</span></dd></div></dl></li>`;
  }

  /** The image in a box that has its size already, or what is to be said in its place. */
  #picture(each, size, lazy) {
    const fault = this.faults.get(each.position) ?? (each.state === 'there' || each.state === 'newer' ? '' : each.reason);
    const again = this.#retries.has(each.position) ? '&again=1' : '';
    return html`<span class="box">${fault
      ? html`<span class="gone">${fault}</span>`
      : html`<img src="${imageAddress(this.trial, each.position, size)}${again}" alt="" width="256" height="256" loading=${lazy ? 'lazy' : 'eager'} decoding="async" @error=${() => this.#failed(each)}>`}
      ${each.state === 'newer' ? html`<span class="stamp" title="The file ${each.reason}">newer file</span>` : nothing}</span>`;
  }

  #large(each) {
    const list = this.data?.images ?? [];
    const at = list.findIndex((other) => other.position === each.position);
    const step = (by, text, sign) => html`<button type="button" class="act" aria-label=${text} ?disabled=${!list[at + by]} @click=${() => this.#go(list[at + by])}>${sign}</button>`;
    return html`<div class="enlarged">
      <div class="strip">${step(-1, 'Previous image', '←')}${step(1, 'Next image', '→')}
        <span class="quiet">${at >= 0 ? `${format.count(at + 1)} of ${format.count(this.data.total)}` : nothing}</span>
        <button type="button" class="act aside-end" aria-label="Close" @click=${() => this.querySelector('dialog').close()}>✕</button></div>
      ${this.#picture(each, 1024, false)}
      <dl class="facts">
        <div><dt>Is</dt><dd><bdi>${each.label}</bdi>, which it gave ${format.percent(each.label_probability)}</dd></div>
        <div><dt>Predicted</dt><dd class=${each.label === each.predicted ? '' : 'bad'}><bdi>${each.predicted}</bdi>, ${format.percent(each.confidence)} sure</dd></div>
        <div><dt>File</dt><dd class="path">${each.image.split('/').map((part, index) => html`${index ? '/' : ''}<bdi>${part}</bdi>`)}</dd></div>
        ${each.state === 'newer' ? html`<div><dt>Note</dt><dd>The file ${each.reason}.</dd></div>` : nothing}
      </dl></div>`;
  }

  #go(each) {
    if (each) router.choose({ image: String(each.position) });
  }

  #closed() {
    if (this.image) router.choose({ image: '' });
  }

  #key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !this.data) return;
    const at = this.data.images.findIndex((each) => String(each.position) === this.image);
    event.preventDefault();
    this.#go(this.data.images[at + by]);
  }

  /** Asks what was wrong: a busy server is asked again, all else is said in the image's place. */
  async #failed(each) {
    try {
      const answer = await fetch(imageAddress(this.trial, each.position, 256));
      if (answer.status === BUSY && !this.#retries.has(each.position)) {
        this.#retries.set(each.position, setTimeout(() => this.requestUpdate(), 1000));
        return;
      }
      const words = answer.ok ? 'cannot be shown' : (await answer.json()).error;
      this.#fault(each, words.startsWith(each.image) ? words.slice(each.image.length + 2) : words.split(': ').pop());
    } catch {
      this.#fault(each, 'the server cannot be reached');
    }
  }

  #fault(each, words) {
    this.faults = new Map(this.faults).set(each.position, words);
  }

  async #ask(address, signal) {
    const answer = await fetch(address, { signal, headers: { Accept: 'application/json' } });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error ?? `the server answered ${answer.status}`);
    return body;
  }

  async #load(address) {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const data = await this.#ask(address, abort.signal);
      if (abort.signal.aborted) return;
      this.data = data;
      this.error = '';
      this.faults = new Map();
    } catch (problem) {
      if (!abort.signal.aborted) this.error = problem instanceof TypeError ? 'the server cannot be reached' : problem.message;
    }
  }

  async #loadMore() {
    if (this.#more || !this.data?.next) return;
    this.#more = true;
    const asked = this.#asked;
    try {
      const page = await this.#ask(`${imagesAddress(this.trial, this, PAGE)}&cursor=${this.data.next}`, this.#abort?.signal);
      if (asked === this.#asked) {
        this.data = { ...page, images: [...this.data.images, ...page.images] };
        this.error = '';
      }
    } catch (problem) {
      if (asked === this.#asked) this.error = problem instanceof TypeError ? 'the server cannot be reached' : problem.message;
    }
    this.#more = false;
    this.requestUpdate();
  }

  /** For an address that names an image of another page: found by its position among all. */
  async #loadAlone(asked) {
    this.alone = { asked, found: null };
    try {
      const data = await this.#ask(`/api/v1/trials/${encodeURIComponent(this.trial)}/images?sort=position&limit=1&cursor=${encodeURIComponent(asked)}`);
      const found = data.images.find((each) => String(each.position) === asked) ?? null;
      if (this.image === asked) this.alone = { asked, found };
    } catch {
      if (this.image === asked) this.alone = { asked, found: null };
    }
  }
}

customElements.define('graft-gallery', Gallery);
