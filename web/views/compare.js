import { html } from 'lit';
import { Page } from './view.js';

/** A few trials side by side; which ones is in the address. */
class ComparePage extends Page {
  static properties = { query: { attribute: false } };

  render() {
    return html`<h1 tabindex="-1">Compare</h1>`;
  }
}

customElements.define('graft-compare', ComparePage);
