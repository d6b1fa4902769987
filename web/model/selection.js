/** Which of a sweep's trials are looked at: words of the page's address, and the same as words of the API's. */

/** @typedef {{name: string, low: number, high: number}|{name: string, values: string[]}} Range one parameter or metric */

/** A text as a filter expression has it: in quotes, unless it is a plain word. @param {string} text */
export function quoted(text) {
  const plain = /^[\p{L}\p{N}_.+-]+$/u.test(text) && !/^(and|or|not|in)$/i.test(text);
  return plain || isWidths(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A value of a parameter as a filter expression has it. @param {unknown} value */
export function filterValue(value) {
  return Array.isArray(value) ? `[${value.join(', ')}]` : quoted(String(value));
}

/** @param {Range} range @returns {string} a filter expression */
export function clause(range) {
  const name = quoted(range.name);
  if ('values' in range) {
    return range.values.length === 1 ? `${name} = ${quoted(range.values[0])}` : `${name} in (${range.values.map(quoted).join(', ')})`;
  }
  return `${name} >= ${number(range.low)} and ${name} <= ${number(range.high)}`;
}

/** Ranges as one word of an address: `learning_rate:0.001..0.01;base:vgg16,xception`. @param {Range[]} ranges */
export function writeBrush(ranges) {
  return ranges
    .map((range) => `${encodeURIComponent(range.name)}:${'values' in range ? range.values.map(encoded).join(',') : `${number(range.low)}..${number(range.high)}`}`)
    .join(';');
}

/** What {@link writeBrush} wrote; what is not of that form is left out. @param {string} [text] @returns {Range[]} */
export function readBrush(text = '') {
  return text.split(';').flatMap((part) => {
    const colon = part.indexOf(':');
    const name = decode(part.slice(0, colon));
    const rest = part.slice(colon + 1);
    if (colon < 1 || rest === '') return [];
    const ends = rest.split('..');
    if (ends.length === 2) {
      const [low, high] = ends.map(Number);
      return Number.isFinite(low) && Number.isFinite(high) && low <= high ? [{ name, low, high }] : [];
    }
    return [{ name, values: rest.split(',').map(decode) }];
  });
}

/** The ranges with one of them replaced, added, or (by null) taken away. @returns {Range[]} */
export function withRange(ranges, name, range) {
  const others = ranges.filter((each) => each.name !== name);
  return range === null ? others : [...others, range];
}

/**
 * What the API is asked for, of what the address says. @param {Record<string, string>} query
 * @returns {{filter: string, brush: string, hidden: string}}
 */
export function selection({ filter = '', state = '', brush = '', hidden = '' }) {
  const written = filter.trim();
  const both = state ? [written && `(${written})`, `state = ${quoted(state)}`].filter(Boolean).join(' and ') : written;
  return { filter: both, brush: readBrush(brush).map(clause).join(' and '), hidden: hidden === 'true' ? hidden : '' };
}

/** An address with those parameters that say something. @param {string} path @param {Record<string, string|number>} parameters */
export function address(path, parameters) {
  const kept = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const query = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return query ? `${path}?${query}` : path;
}

/** Trials chosen for comparing, by number: "3,1,7". @param {string} [text] @returns {number[]} */
export function readNumbers(text = '') {
  return [...new Set(text.split(',').map(Number).filter((each) => Number.isInteger(each) && each > 0))];
}

function isWidths(text) {
  return /^\[\s*\d+(\s*,\s*\d+)*\s*\]$/.test(text);
}

/** Rounded so that an address can be read; seven digits are more than anybody can point at. */
function number(value) {
  return String(Number(value.toPrecision(7)));
}

/** Dots would look like those between two ends. */
function encoded(value) {
  return encodeURIComponent(value).replaceAll('.', '%2E');
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
