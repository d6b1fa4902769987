/** Numbers, times and names as people read them. Pure functions; anything missing is an en dash. */

export const MISSING = '–';
const NBSP = '\u00a0';

const METRIC_NAMES = {
  val_accuracy: 'Validation accuracy',
  val_loss: 'Validation loss',
  val_macro_f1: 'Validation macro F1',
  loss: 'Training loss',
  learning_rate: 'Learning rate',
};

const SHORT_METRIC_NAMES = {
  val_accuracy: 'Accuracy',
  val_loss: 'Val loss',
  val_macro_f1: 'Macro F1',
  loss: 'Loss',
};

/** @param {string} name */
export function metricName(name) {
  return METRIC_NAMES[name] ?? name.replaceAll('_', ' ');
}

/** @param {string} name */
export function shortMetricName(name) {
  return SHORT_METRIC_NAMES[name] ?? metricName(name);
}

/** @param {string} name says whether the metric is a share, shown in percent */
export function isShare(name) {
  return name.endsWith('accuracy') || name.endsWith('f1');
}

/** @param {string} name @param {?number} [value] */
export function metric(name, value) {
  if (name === 'learning_rate') return parameter(value);
  return isShare(name) ? percent(value) : significant(value);
}

/** @param {?number} [value] a share in [0, 1] */
export function percent(value, digits = 1) {
  return isNumber(value) ? `${(value * 100).toFixed(digits)}${NBSP}%` : MISSING;
}

/** An interval of shares: "78.6–86.6 %". @param {{low: number, high: number}} interval */
export function interval({ low, high }) {
  return `${(low * 100).toFixed(1)}–${percent(high)}`;
}

/** Three significant digits, zeros kept, so that a column of losses lines up. @param {?number} [value] */
export function significant(value) {
  if (!isNumber(value)) return MISSING;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace('e+', 'e');
  return size >= 1000 ? count(Math.round(value)) : value.toPrecision(3);
}

/** A value of a sweep file, written as one would write it there. @param {unknown} value */
export function parameter(value) {
  if (value === null || value === undefined || value === '') return MISSING;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(parameter).join(', ');
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) {
    return Number(value.toPrecision(4)).toExponential().replace('e+', 'e');
  }
  return String(Number(value.toPrecision(4)));
}

/** @param {?number} [value] */
export function count(value) {
  return isNumber(value) ? value.toLocaleString('en') : MISSING;
}

/** @param {number} n @param {string} one @param {string} [many] */
export function plural(n, one, many = `${one}s`) {
  return `${count(n)}${NBSP}${n === 1 ? one : many}`;
}

/** The two largest units that matter. @param {?number} [seconds] */
export function duration(seconds) {
  if (!isNumber(seconds) || seconds < 0) return MISSING;
  if (seconds < 0.05) return seconds === 0 ? `0${NBSP}s` : `<${NBSP}0.1${NBSP}s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${NBSP}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${NBSP}s`;
  if (whole < 3600) return two(whole, 60, 'min', 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return two(minutes, 60, 'h', 'min');
  return two(Math.round(minutes / 60), 24, 'd', 'h');
}

/** A time on an axis: "8 s" beside "10 s", where a table has "8.0 s". @param {number} seconds */
export function tickTime(seconds) {
  return seconds > 0 && seconds < 10 && Number.isInteger(seconds) ? `${seconds}${NBSP}s` : duration(seconds);
}

/** An estimate, rounded as an estimate should be. @param {?number} [seconds] */
export function about(seconds) {
  if (!isNumber(seconds)) return MISSING;
  if (seconds < 50) return 'less than a minute';
  if (seconds < 3600) return `about ${plural(Math.max(1, Math.round(seconds / 60)), 'minute')}`;
  const minutes = Math.round(seconds / 300) * 5;
  return `about ${two(minutes, 60, 'h', 'min')}`;
}

/** @param {?number} [value] */
export function bytes(value) {
  if (!isNumber(value)) return MISSING;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toPrecision(2)}${NBSP}${units[unit]}`;
}

/** How many numbers a model holds: "2.42 M". @param {?number} [value] @param {boolean} [zeros] whether zeros at the end are kept */
export function weights(value, zeros = true) {
  if (!isNumber(value)) return MISSING;
  if (value < 999.5) return String(value);
  const [size, unit] = value < 999_500 ? [value / 1e3, 'k'] : value < 999_500_000 ? [value / 1e6, 'M'] : [value / 1e9, 'G'];
  const digits = size >= 99.95 ? String(Math.round(size)) : size.toPrecision(3);
  return `${zeros ? digits : Number(digits)}${NBSP}${unit}`;
}

/** @param {?string} instant ISO 8601 @param {number} now milliseconds */
export function ago(instant, now) {
  if (!instant) return MISSING;
  const seconds = (now - Date.parse(instant)) / 1000;
  if (seconds < 45) return 'just now';
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (seconds < 3600) return format.format(-Math.max(1, Math.round(seconds / 60)), 'minute');
  if (seconds < 86400) return format.format(-Math.round(seconds / 3600), 'hour');
  if (seconds < 86400 * 14) return format.format(-Math.round(seconds / 86400), 'day');
  return dateTime(instant);
}

/** @param {?string} instant ISO 8601 */
export function dateTime(instant) {
  if (!instant) return MISSING;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));
}

/** Seconds between two instants; up to now while there is no end. */
export function secondsBetween(start, end, now) {
  if (!start) return null;
  return Math.max(0, ((end ? Date.parse(end) : now) - Date.parse(start)) / 1000);
}

/** @param {unknown} value @returns {value is number} */
export function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

function two(value, factor, large, small) {
  const rest = value % factor;
  const head = `${Math.floor(value / factor)}${NBSP}${large}`;
  return rest === 0 ? head : `${head} ${rest}${NBSP}${small}`;
}
