import { live } from './live.js';

const SPACING = 1000;
const KEPT = 24;

/** What was shown before, so that going back shows it at once. @type {Map<string, {data: any, version: number}>} */
const shown = new Map();

/** One address of the API kept up to date for a component: fetched anew after changes, at most once a second. */
export class Resource {
  /** @type {any} the newest data, or null before there is any */
  data = null;
  /** @type {string} why there is no newer data, or empty */
  error = '';
  missing = false;
  /** Whether what is shown is of another address than the one asked for last. */
  loading = false;
  /** Whether asking the same again would be answered the same. */
  refusal = false;
  #host;
  #keep;
  /** The newest answer as it came, so that the same one again changes nothing. */
  #text = '';
  #url = '';
  #version = -1;
  #fetchedAt = 0;
  #timer = 0;
  #abort = null;
  #onChange = () => this.#refresh();
  #onReopen = () => {
    this.#version = -1;
    this.#refresh();
  };

  /**
   * @param {import('lit').ReactiveControllerHost} host
   * @param {{keep?: boolean}} [options] whether the data of one address stay until those of the next are there
   */
  constructor(host, { keep = false } = {}) {
    this.#host = host;
    this.#keep = keep;
    host.addController(this);
  }

  hostConnected() {
    live.addEventListener('changed', this.#onChange);
    live.addEventListener('reopened', this.#onReopen);
    document.addEventListener('visibilitychange', this.#onChange);
    if (this.#url) this.#refresh();
  }

  hostDisconnected() {
    live.removeEventListener('changed', this.#onChange);
    live.removeEventListener('reopened', this.#onReopen);
    document.removeEventListener('visibilitychange', this.#onChange);
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#abort?.abort();
    this.#abort = null;
  }

  /** Shows what is at an address; the same one again changes nothing. @param {string} url */
  show(url) {
    if (url === this.#url) return;
    this.#abort?.abort();
    this.#abort = null;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#url = url;
    this.#text = '';
    this.refusal = false;
    const known = shown.get(url);
    this.data = known?.data ?? (this.#keep ? this.data : null);
    this.loading = !known && this.data !== null;
    this.#version = known?.version ?? -1;
    this.error = '';
    this.missing = false;
    this.#load();
  }

  #refresh() {
    if (document.hidden || this.#timer || this.#abort || live.version <= this.#version) return;
    const wait = Math.max(0, this.#fetchedAt + SPACING - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#load();
    }, wait);
  }

  async #load() {
    const abort = new AbortController();
    this.#abort = abort;
    this.#fetchedAt = Date.now();
    const heard = live.version;
    try {
      const answer = await fetch(this.#url, { signal: abort.signal, headers: { Accept: 'application/json' } });
      const text = await answer.text();
      const body = JSON.parse(text);
      if (abort.signal.aborted) return;
      this.missing = answer.status === 404;
      this.refusal = answer.status === 400;
      if (!answer.ok) throw new Error(body.error ?? `the server answered ${answer.status}`);
      if (text !== this.#text) this.data = body;
      this.#text = text;
      this.loading = false;
      const version = answer.headers.get('Graft-Version');
      // An answer that does not say its version is as new as what was heard when it was asked for.
      this.#version = version === null ? heard : Number(version);
      this.error = '';
      remember(this.#url, { data: this.data, version: this.#version });
    } catch (problem) {
      if (abort.signal.aborted) return;
      this.error = problem instanceof TypeError ? 'the server cannot be reached; is graft still running?' : problem.message;
      this.loading = false;
      // Asked again soon: what failed may have been the server starting anew.
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        if (!document.hidden && !this.missing && !this.refusal) this.#load();
      }, 5000);
    }
    if (this.#abort === abort) this.#abort = null;
    this.#host.requestUpdate();
    if (!this.error) this.#refresh();
  }
}

function remember(url, entry) {
  shown.delete(url);
  shown.set(url, entry);
  if (shown.size > KEPT) shown.delete(shown.keys().next().value);
}
