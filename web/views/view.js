import { LitElement, html } from 'lit';

/** A component in the page's own tree, so that one style sheet, and the browser's search, reach all of it. */
export class View extends LitElement {
  createRenderRoot() {
    return this;
  }
}

/** A page: sets the title, ticks so that times stay true, and says what keeps it from showing anything. */
export class Page extends View {
  static properties = { now: { state: true } };
  #ticker = 0;
  #ready = false;

  constructor() {
    super();
    this.now = Date.now();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ticker = setInterval(() => {
      if (!document.hidden) this.now = Date.now();
    }, 5000);
  }

  disconnectedCallback() {
    clearInterval(this.#ticker);
    super.disconnectedCallback();
  }

  willUpdate() {
    this.now = Date.now();
  }

  updated() {
    if (this.#ready || !this.querySelector('h1')) return;
    this.#ready = true;
    this.dispatchEvent(new CustomEvent('page-ready', { bubbles: true }));
  }

  setTitle(...parts) {
    document.title = [...parts, 'Graft'].filter(Boolean).join(' · ');
  }

  /** @param {import('../resource.js').Resource} resource without data */
  waiting(resource, what) {
    if (!resource.error) return html`<div class="loading" role="status"><span class="spinner" aria-hidden="true"></span>Loading ${what}…</div>`;
    return html`<section class="empty"><h1 tabindex="-1">${resource.missing ? `No such ${what}` : 'No answer'}</h1>
      <p>${sentence(resource.error)}</p><p><a href="/">All sweeps</a></p></section>`;
  }

  /** @param {import('../resource.js').Resource} resource with data that may be old */
  stale(resource) {
    return resource.error
      ? html`<p class="notice" role="status">What you see may be old: ${resource.error}.</p>`
      : '';
  }
}

function sentence(text) {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(start) ? start : `${start}.`;
}
