import { html, svg } from 'lit';

const SHAPES = [
  svg`<circle cx="7" cy="7" r="5.5"></circle>`,
  svg`<rect x="2" y="2" width="10" height="10"></rect>`,
  svg`<path d="M7 1.500l6 10.500H1z"></path>`,
  svg`<path d="M7 .500l5.500 6.500L7 13.500 1.500 7z"></path>`,
  svg`<path d="M5 1h4v4h4v4H9v4H5V9H1V5h4z"></path>`,
  svg`<path d="M1 2h12L7 12.500z"></path>`,
];

/** The shape and colour that stand for a trial in every chart of the page. @param {number} index its place */
export function mark(index) {
  return html`<svg class="shape" data-series=${index + 1} viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">${SHAPES[index]}</svg>`;
}
