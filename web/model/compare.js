/** Trials side by side: what the address says, and what is made of the API's answer. Pure functions. */

import { withQuery } from './route.js';

export const FEWEST = 2;
export const MOST = 6;

/** Shapes, so that trials are told apart without colours, too; names as ECharts has them. */
export const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'path://M4 0h4v4h4v4H8v4H4V8H0V4h4z', 'path://M0 0h12L6 11z'];

export const SCORES = [['f1', 'F1'], ['recall', 'Recall'], ['precision', 'Precision']];

/** The trials an address names, each once. @param {string} [text] @returns {string[]} */
export function readTrials(text = '') {
  return [...new Set(text.split(',').map((id) => id.trim()).filter(Boolean))];
}

/** The address of a comparison. @param {string[]} ids @param {Record<string, string>} [query] what else is chosen */
export function comparePath(ids, query = {}) {
  // Commas are read by people; they need no escape in a query.
  return `/compare${withQuery(query, { trials: ids.join(',') })}`.replaceAll('%2C', ',');
}

/** What to choose so that a trial is no longer compared. @param {string} id @param {Record<string, string>} query */
export function without(id, query) {
  return {
    trials: readTrials(query.trials).filter((each) => each !== id).join(','),
    reference: query.reference === id ? '' : (query.reference ?? ''),
  };
}

/**
 * Classes as rows of a plot, those on which the trials differ most first, or in their order.
 * @returns {{name: string, support: number, values: (number|null)[], spread: number}[]}
 */
export function classRows(classes, score, byName) {
  const rows = classes.map(({ name, support, trials }) => {
    const values = trials.map((each) => (each === null || (score !== 'precision' && support === 0) ? null : each[score]));
    const known = values.filter((value) => value !== null);
    return { name, support, values, spread: known.length > 1 ? Math.max(...known) - Math.min(...known) : 0 };
  });
  return byName ? rows : rows.sort((a, b) => b.spread - a.spread);
}

/** From where to where the axis of differences reaches: all intervals, zero, and a percentage point about it. */
export function reach(pairs) {
  const ends = pairs.flatMap(({ difference }) => (difference ? [difference.low, difference.high] : []));
  const low = Math.min(-0.01, ...ends);
  const high = Math.max(0.01, ...ends);
  const margin = (high - low) * 0.06;
  return { low: low - margin, high: high + margin };
}

/** Where a value lies on an axis, in per cent of its length. */
export function place(value, { low, high }) {
  return (100 * (value - low)) / (high - low);
}

/** Images of which the reference is right, wrong, or any. @param {''|'right'|'wrong'} show @param {number} reference place of it */
export function shown(disagreements, show, reference) {
  if (!show) return disagreements;
  return disagreements.filter(({ label, votes }) => {
    const vote = votes[reference];
    return vote && (vote.predicted === label) === (show === 'right');
  });
}

/** The vote to show an image by: the reference's, or the first there is. @returns {number} its place */
export function witness(votes, reference) {
  return votes[reference] ? reference : votes.findIndex((vote) => vote !== null);
}

/** Metrics that some trial has, the ranking one first. */
export function curveMetrics(curves, metric) {
  const names = new Set(curves.flatMap((epochs) => epochs.flatMap((epoch) => Object.keys(epoch.metrics))));
  const usual = [metric, 'val_accuracy', 'val_loss', 'val_macro_f1', 'loss'].filter((name) => names.has(name));
  return [...new Set([...usual, ...names])];
}

/** What to call a trial where there is little room. */
export function shortName(trial, trials) {
  const one = trials.every((each) => each.sweep === trial.sweep);
  return one ? `Trial ${trial.number}` : `Trial ${trial.number} · ${trial.sweep_name}`;
}
