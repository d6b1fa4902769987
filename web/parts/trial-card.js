import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { View } from '../views/view.js';
import { Resource } from '../resource.js';

/**
 * A card of the sweep's page that asks the API for what it shows, once it comes into sight. `address` is what to ask
 * for; while the answer to a new one is under way, the old one stays, dimmed.
 */
export class TrialCard extends View {
  static properties = {
    sweep: { attribute: false },
    query: { attribute: false },
    seen: { state: true },
  };

  resource = new Resource(this, { keep: true });
  #observer = null;

  constructor() {
    super();
    this.seen = false;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.seen) return;
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.#see();
      },
      { rootMargin: '300px' },
    );
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
    super.disconnectedCallback();
  }

  #see() {
    this.seen = true;
    this.#observer.disconnect();
  }

  willUpdate() {
    if (this.seen && this.sweep) this.resource.show(this.address());
  }

  /** @returns {string} what to ask the API for */
  address() {
    throw new Error('a card says what it asks for');
  }

  /** The page of this sweep in the API. */
  get api() {
    return `/api/v1/sweeps/${encodeURIComponent(this.sweep.id)}`;
  }

  /** What stands in place of the chart while there is none, or before it where the last answer was no good. */
  trouble() {
    const { data, error } = this.resource;
    if (error) return html`<p class="notice" role="status">${error}</p>`;
    return data ? nothing : html`<p class="quiet nothing">Loading…</p>`;
  }

  card(id, title, content, choices = nothing) {
    return html`<section class="card" aria-labelledby=${id} ?data-old=${this.resource.loading}>
      <div class="card-head"><h2 id=${id}>${title}</h2>${choices}</div>${content}</section>`;
  }
}

/** A choice of one of several, as a labelled list. */
export function choice(label, options, chosen, change) {
  return html`<label>${label} <select @change=${(event) => change(event.target.value)}>
    ${options.map(([value, text]) => html`<option value=${value} .selected=${live(value === chosen)}>${text}</option>`)}</select></label>`;
}
