import { html } from 'lit';
import { View } from '../views/view.js';

/** A command to copy. */
class Command extends View {
  static properties = { text: {}, copied: { state: true } };

  render() {
    return html`<div class="command"><code>${this.text}</code>
      <button type="button" @click=${this.#copy} aria-label="Copy ${this.text}">${this.copied ? 'Copied' : 'Copy'}</button></div>`;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      // Not allowed outside localhost without TLS: select it, so that the keyboard copies it.
      getSelection()?.selectAllChildren(this.querySelector('code'));
      return;
    }
    this.copied = true;
    setTimeout(() => (this.copied = false), 1600);
  }
}

customElements.define('graft-command', Command);
