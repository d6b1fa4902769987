import { html, nothing } from 'lit';
import { View } from '../views/view.js';

/** A button that opens a few actions: `items` are `{text, act, danger}`. Escape and leaving it close it. */
class Menu extends View {
  static properties = { label: {}, items: { attribute: false }, open: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.addEventListener('keydown', this.#key);
    this.addEventListener('focusout', this.#left);
  }

  render() {
    return html`<button type="button" class="row-more" aria-label=${this.label} title=${this.label} aria-expanded=${this.open ? 'true' : 'false'} @click=${this.#toggle}>
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><circle cx="4" cy="10" r="1.7"></circle><circle cx="10" cy="10" r="1.7"></circle><circle cx="16" cy="10" r="1.7"></circle></svg></button>
      ${this.open
        ? html`<div class="row-menu" tabindex="-1" role="group" aria-label=${this.label}>${this.items.map((item) => html`<button type="button" ?data-danger=${item.danger} @click=${() => this.#choose(item)}>${item.text}</button>`)}</div>`
        : nothing}`;
  }

  /** Gives the button the focus. */
  focus() {
    this.querySelector('.row-more')?.focus();
  }

  async #toggle() {
    this.open = !this.open;
    if (!this.open) return;
    await this.updateComplete;
    this.querySelector('.row-menu button')?.focus();
  }

  #choose(item) {
    this.open = false;
    this.focus();
    item.act();
  }

  #key = (event) => {
    if (!this.open) return;
    const buttons = [...this.querySelectorAll('.row-menu button')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.open = false;
      this.focus();
    } else if (step) {
      event.preventDefault();
      const at = buttons.indexOf(document.activeElement);
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    }
  };

  #left = (event) => {
    if (this.open && !this.contains(event.relatedTarget)) this.open = false;
  };
}

customElements.define('graft-menu', Menu);
