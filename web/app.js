import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { live } from './live.js';
import { router } from './router.js';
import { View } from './views/view.js';
import './views/sweeps.js';
import './views/sweep.js';
import './views/trial.js';
import './views/compare.js';

/** The frame around every page: name, state of the connection, and the page the address means. */
class App extends View {
  static properties = { route: { state: true }, connected: { state: true }, wasConnected: { state: true } };

  #arrival = null;

  constructor() {
    super();
    this.route = router.route;
    this.connected = false;
    this.wasConnected = false;
  }

  connectedCallback() {
    this.replaceChildren();
    super.connectedCallback();
    router.addEventListener('route', (event) => this.#moved(event.detail));
    live.addEventListener('connection', () => {
      this.connected = live.connected;
      this.wasConnected ||= live.connected;
    });
    this.addEventListener('page-ready', () => this.#arrive());
    router.start();
    live.start();
  }

  async #moved({ moved, scroll }) {
    this.route = router.route;
    if (!moved) return;
    this.#arrival = { scroll };
    await this.updateComplete;
    await this.querySelector('main > *')?.updateComplete;
    if (this.querySelector('h1')) this.#arrive();
    else scrollTo(0, 0);
  }

  /** Once a page that was gone to has something to show: the place it was left at, and the reader's attention. */
  #arrive() {
    if (!this.#arrival) return;
    const { scroll } = this.#arrival;
    this.#arrival = null;
    this.querySelector('h1')?.focus({ preventScroll: true });
    this.#scroll(scroll);
  }

  /** Scrolls to a place as soon as the page is so long, unless the reader goes elsewhere meanwhile. */
  #scroll(place) {
    const end = new AbortController();
    for (const type of ['wheel', 'touchstart', 'keydown', 'pointerdown', 'popstate']) addEventListener(type, () => end.abort(), { signal: end.signal, passive: true });
    const until = performance.now() + 2000;
    const { route } = this;
    const step = () => {
      if (end.signal.aborted || this.route !== route) return end.abort();
      scrollTo(0, place);
      if (scrollY < place - 1 && performance.now() < until) requestAnimationFrame(step);
      else end.abort();
    };
    step();
  }

  render() {
    const lost = this.wasConnected && !this.connected;
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>Skip to content</a>
      <header class="masthead">
        <a class="brand" href="/" aria-label="Graft, all sweeps">${logo}<span>Graft</span></a>
        <span class="live" ?data-lost=${lost} role="status">
          ${this.wasConnected ? html`<i aria-hidden="true"></i>${lost ? 'Reconnecting…' : 'Live'}` : nothing}
        </span>
      </header>
      <main id="main" tabindex="-1">${this.#page()}</main>
    `;
  }

  #page() {
    const { page, id, query } = this.route;
    if (page === 'sweeps') return html`<graft-sweeps .query=${query}></graft-sweeps>`;
    if (page === 'sweep') return keyed(id, html`<graft-sweep .sweep=${id} .query=${query}></graft-sweep>`);
    if (page === 'trial') return keyed(id, html`<graft-trial .trial=${id} .query=${query}></graft-trial>`);
    if (page === 'compare') return html`<graft-compare .query=${query}></graft-compare>`;
    return html`<section class="empty"><h1 tabindex="-1">Nothing grows here</h1>
      <p>There is no page at this address.</p><p><a href="/">All sweeps</a></p></section>`;
  }

  #skip(event) {
    event.preventDefault();
    this.querySelector('#main').focus();
  }
}

const logo = html`<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
  <rect width="32" height="32" rx="8" fill="currentColor"></rect>
  <path d="M16 26V14" class="stem"></path>
  <path d="M16 16c0-5 3-8 9-8 0 6-3 9-9 9z" class="leaf"></path>
  <path d="M16 20c0-4-3-6.500-8-6.500 0 5 3 7.500 8 7.500z" class="leaf bud"></path>
</svg>`;

customElements.define('graft-app', App);
