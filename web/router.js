import { parse, withQuery } from './model/route.js';

/** The page's address as a route; dispatches `route` when it changes. */
class Router extends EventTarget {
  route = parse(location.pathname, location.search);

  start() {
    // Places are restored by hand: the browser does it before the data is there.
    history.scrollRestoration = 'manual';
    addEventListener('popstate', (event) => this.#arrive({ moved: true, scroll: event.state?.scroll ?? 0 }));
    document.addEventListener('click', (event) => this.#follow(event));
  }

  /** Goes to another page. @param {string} address */
  go(address) {
    history.replaceState({ scroll: scrollY }, '');
    history.pushState(null, '', address);
    this.#arrive({ moved: true, scroll: 0 });
  }

  /** Changes what is chosen on this page, without a step in the history. @param {Record<string, string>} changes */
  choose(changes) {
    history.replaceState(history.state, '', location.pathname + withQuery(this.route.query, changes));
    this.#arrive({ moved: false, scroll: scrollY });
  }

  #arrive(detail) {
    this.route = parse(location.pathname, location.search);
    this.dispatchEvent(new CustomEvent('route', { detail }));
  }

  #follow(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.('a[href]');
    if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
