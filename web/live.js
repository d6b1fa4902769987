/**
 * News of the record. One event stream while the page can be seen; a hidden page holds none, because browsers allow
 * only six connections to one server, and catches up when it is seen again.
 */
class Live extends EventTarget {
  /** The newest version heard of. */
  version = -1;
  connected = false;
  #source = null;
  #retry = 0;
  #opened = false;

  start() {
    document.addEventListener('visibilitychange', () => this.#follow());
    this.#follow();
  }

  #follow() {
    clearTimeout(this.#retry);
    if (document.hidden) {
      this.#source?.close();
      this.#source = null;
      return;
    }
    if (this.#source && this.#source.readyState !== EventSource.CLOSED) return;
    this.#source = new EventSource('/api/v1/events');
    this.#source.addEventListener('open', () => {
      this.#setConnected(true);
      // A server started anew may count its versions anew.
      if (this.#opened) this.dispatchEvent(new Event('reopened'));
      this.#opened = true;
    });
    this.#source.addEventListener('changed', (event) => {
      this.version = Number(event.data);
      this.dispatchEvent(new Event('changed'));
    });
    this.#source.addEventListener('error', () => {
      this.#setConnected(false);
      // A refused stream is closed for good by the browser; a lost one is reopened by it.
      if (this.#source?.readyState === EventSource.CLOSED) this.#retry = setTimeout(() => this.#follow(), 4000);
    });
  }

  #setConnected(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.dispatchEvent(new Event('connection'));
  }
}

export const live = new Live();
