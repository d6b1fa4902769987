/** The trial table: which columns there are, in which order the rows stand, and which are shown. */

import * as format from './format.js';

/**
 * @typedef {object} Column
 * @property {string} key
 * @property {string} label
 * @property {boolean} numeric
 * @property {boolean} [parameter] a value of the sweep file
 * @property {'asc'|'desc'} first the order a first click gives
 * @property {(trial: any) => any} value what rows are sorted by
 * @property {(trial: any) => string} text
 */

/** Splits the parameters into those that differ between trials and those that do not. */
export function splitParameters(trials) {
  const values = new Map();
  for (const trial of trials) {
    for (const [name, value] of Object.entries(trial.parameters)) {
      if (!values.has(name)) values.set(name, new Map());
      values.get(name).set(JSON.stringify(value), value);
    }
  }
  const varying = [];
  const constant = [];
  for (const [name, seen] of values) {
    const everywhere = trials.every((trial) => name in trial.parameters);
    if (seen.size > 1 || !everywhere) varying.push(name);
    else constant.push({ name, value: [...seen.values()][0] });
  }
  return { varying, constant };
}

/** @returns {Column[]} */
export function columnsOf(trials, metric, goal) {
  const { varying } = splitParameters(trials);
  return [
    column('number', 'Trial', true, 'asc', (trial) => trial.number, (trial) => `${trial.number}`),
    column('rank', 'Rank', true, 'asc', (trial) => trial.rank, (trial) => (trial.rank ? `${trial.rank}` : format.MISSING)),
    column('state', 'State', false, 'asc', (trial) => trial.state, (trial) => trial.state),
    metricColumn(metric, goal),
    ...varying.map((name) => parameterColumn(name, trials)),
    ...['val_accuracy', 'val_macro_f1', 'val_loss'].filter((name) => name !== metric).map((name) => metricColumn(name, '')),
    column('epochs', 'Epochs', true, 'asc', (trial) => trial.epochs, epochsText),
    column('seconds', 'Time', true, 'asc', (trial) => trial.seconds, (trial) => format.duration(trial.seconds)),
  ];
}

function metricColumn(name, goal) {
  const value = (trial) => trial.best?.metrics?.[name] ?? null;
  const larger = goal ? goal === 'maximize' : format.isShare(name);
  return column(name, format.shortMetricName(name), true, larger ? 'desc' : 'asc', value, (trial) =>
    format.metric(name, value(trial)));
}

function parameterColumn(name, trials) {
  const value = (trial) => {
    const raw = trial.parameters[name];
    return Array.isArray(raw) ? format.parameter(raw) : (raw ?? null);
  };
  const numeric = trials.every((trial) => value(trial) === null || typeof value(trial) === 'number');
  return {
    ...column(`p.${name}`, name.replaceAll('_', ' '), numeric, 'asc', value, (trial) => format.parameter(trial.parameters[name])),
    parameter: true,
  };
}

function column(key, label, numeric, first, value, text) {
  return { key, label, numeric, first, value, text };
}

/** The kept epoch of how many: "7 / 10". */
function epochsText(trial) {
  if (!trial.epochs) return format.MISSING;
  return trial.best ? `${trial.best.epoch} / ${trial.epochs}` : `${trial.epochs}`;
}

/** Sorted copy; rows without a value come last either way, equal ones keep the order of their numbers. */
export function sortTrials(trials, columns, key, order) {
  const by = columns.find((each) => each.key === key) ?? columns.find((each) => each.key === 'rank') ?? columns[0];
  const sign = (order || by.first) === 'desc' ? -1 : 1;
  return [...trials].sort((a, b) => compare(by.value(a), by.value(b), sign) || a.number - b.number);
}

function compare(a, b, sign) {
  const missing = (a === null || a === undefined ? 1 : 0) - (b === null || b === undefined ? 1 : 0);
  if (missing !== 0) return missing;
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true });
}

/**
 * Trials that hold every word of the text, and whose state is the chosen one. A word is looked for in number, state,
 * reason, names and values of parameters; `dropout=0.2` asks for one parameter's value.
 */
export function filterTrials(trials, text, state = '') {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return trials.filter((trial) => (!state || trial.state === state) && matches(trial, words));
}

function matches(trial, words) {
  if (words.length === 0) return true;
  const pairs = Object.entries(trial.parameters).map(([name, value]) => [name.toLowerCase(), format.parameter(value).toLowerCase()]);
  const all = [`#${trial.number}`, trial.id, trial.state, trial.reason ?? '', ...pairs.flat()].map((each) => each.toLowerCase());
  return words.every((word) => {
    const [name, value] = word.split(/[=:]/, 2);
    if (value === undefined) return all.some((each) => each.includes(word));
    return pairs.some(([key, has]) => key.replaceAll('_', ' ').includes(name.replaceAll('_', ' ')) && has === value);
  });
}

/** How many trials are in each state, in the order in which states are told. */
export function countStates(trials) {
  const counts = {};
  for (const trial of trials) counts[trial.state] = (counts[trial.state] ?? 0) + 1;
  return counts;
}
