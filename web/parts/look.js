import { noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';

/** Sets style properties of its element one by one: a style attribute would need a weaker security policy. */
class Look extends Directive {
  #set = [];

  render() {
    return noChange;
  }

  update({ element }, [properties]) {
    for (const name of this.#set) {
      if (!(name in properties)) element.style.removeProperty(name);
    }
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
    this.#set = Object.keys(properties);
    return noChange;
  }
}

/** For use inside a tag: `<i ${look({width: '40%'})}>`. @type {(properties: Record<string, string>) => unknown} */
export const look = directive(Look);
