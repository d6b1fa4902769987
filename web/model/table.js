/** The trial table: which columns there are, and which are shown. */

import * as format from './format.js';

/**
 * @typedef {object} Column
 * @property {string} key what rows are sorted by, in the API's words
 * @property {string} label
 * @property {boolean} numeric
 * @property {boolean} [parameter] a value of the sweep file
 * @property {boolean} [metric]
 * @property {'asc'|'desc'} first the order a first click gives
 * @property {(trial: any) => string} text
 */

/** Metrics that are shown unless others are chosen; the sweep's own stands before them. */
const USUAL_METRICS = ['val_accuracy', 'val_macro_f1', 'val_loss'];

/**
 * All columns there can be.
 * @param {{metric: string, goal: string, metrics: string[], parameters: any[]}} sweep
 * @returns {Column[]}
 */
export function columnsOf({ metric, goal, metrics, parameters }) {
  // The learning rate is a parameter, and what it is at an epoch a metric: the column is the parameter's.
  const taken = new Set(parameters.map((each) => each.name));
  const others = [...USUAL_METRICS.filter((name) => metrics.includes(name)), ...metrics].filter((name) => name !== metric && !taken.has(name));
  return [
    column('number', 'Trial', true, 'asc', (trial) => `${trial.number}`),
    column('rank', 'Rank', true, 'asc', (trial) => (trial.rank ? `${trial.rank}` : format.MISSING)),
    column('state', 'State', false, 'asc', (trial) => trial.state),
    metricColumn(metric, goal),
    ...parameters.filter((each) => each.varying).map(parameterColumn),
    ...[...new Set(others)].map((name) => metricColumn(name, '')),
    column('epochs', 'Epochs', true, 'asc', epochsText),
    column('seconds', 'Time', true, 'asc', (trial) => format.duration(trial.seconds)),
    column('model_weights', 'Model weights', true, 'asc', (trial) => format.weights(trial.model_weights)),
    column('attempts', 'Attempts', true, 'desc', (trial) => `${trial.attempts}`),
    column('seed', 'Seed', true, 'asc', (trial) => `${trial.seed}`),
    ...parameters.filter((each) => !each.varying).map(parameterColumn),
  ];
}

/** The columns that are shown: those chosen, in their usual order, or the usual ones. @param {string} [chosen] keys with commas */
export function shownColumns(columns, sweep, chosen = '') {
  const keys = chosen ? new Set(chosen.split(',').map(decodeURIComponent)) : usualKeys(sweep);
  // Without its number a row could not be opened.
  return columns.filter((each) => each.key === 'number' || keys.has(each.key));
}

/** The choice with one column put in or taken out, as the address has it; empty where it is the usual one. */
export function toggledColumns(columns, sweep, chosen, key) {
  const keys = new Set(shownColumns(columns, sweep, chosen).map((each) => each.key));
  if (!keys.delete(key)) keys.add(key);
  const usual = usualKeys(sweep);
  const same = keys.size === usual.size && [...keys].every((each) => usual.has(each));
  return same ? '' : columns.filter((each) => keys.has(each.key)).map((each) => encodeURIComponent(each.key)).join(',');
}

function usualKeys({ metric, metrics, parameters }) {
  return new Set([
    'number',
    'rank',
    'state',
    metric,
    ...parameters.filter((each) => each.varying).map((each) => each.name),
    ...USUAL_METRICS.filter((name) => metrics.includes(name)),
    'epochs',
    'seconds',
  ]);
}

/** The words of a parameter's name. @param {string} name */
export const words = (name) => name.replaceAll('_', ' ');

function metricColumn(name, goal) {
  const larger = goal ? goal === 'maximize' : format.isShare(name);
  return {
    ...column(name, format.shortMetricName(name), true, larger ? 'desc' : 'asc', (trial) => format.metric(name, trial.best?.metrics?.[name] ?? null)),
    metric: true,
  };
}

function parameterColumn({ name, numeric }) {
  return { ...column(name, words(name), numeric, 'asc', (trial) => format.parameter(trial.parameters[name])), parameter: true };
}

function column(key, label, numeric, first, text) {
  return { key, label, numeric, first, text };
}

/** The kept epoch of how many: "7 / 10". */
function epochsText(trial) {
  if (!trial.epochs) return format.MISSING;
  return trial.best ? `${trial.best.epoch} / ${trial.epochs}` : `${trial.epochs}`;
}

/**
 * Rows that stay where they are under the reader's hand: those shown before in their order, with what is new of them.
 * @template {{id: string}} T
 * @param {T[]} before @param {T[]} now @returns {{rows: T[], moved: boolean}} moved: whether they stand otherwise than now
 */
export function steady(before, now) {
  const byId = new Map(now.map((each) => [each.id, each]));
  const kept = before.filter((each) => byId.has(each.id)).map((each) => byId.get(each.id));
  const known = new Set(kept.map((each) => each.id));
  const rows = [...kept, ...now.filter((each) => !known.has(each.id))].slice(0, Math.max(now.length, kept.length));
  return { rows, moved: rows.some((each, index) => each.id !== now[index]?.id) };
}
