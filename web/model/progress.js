/** How far a sweep is, and how long it will still take. */

export const STATES = ['finished', 'pruned', 'running', 'failed', 'crashed', 'cancelled', 'waiting'];
const ENDED = ['finished', 'pruned', 'failed', 'crashed', 'cancelled'];

/** @param {Record<string, number>} counts by state */
export function progress(counts) {
  const total = STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const done = ENDED.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const segments = STATES.filter((state) => state !== 'waiting' && counts[state]).map((state) => ({ state, share: counts[state] / total }));
  return { total, done, segments };
}

/**
 * Seconds until the last trial ends, or null while too little is known. Open trials are taken to cost what ended ones
 * of the same base and image size cost on average, else what all did; the wall clock tells how many run side by side.
 */
export function secondsLeft(trials, createdAt, now) {
  const ended = trials.filter((trial) => trial.state === 'finished' || trial.state === 'pruned').filter((trial) => trial.seconds > 0);
  if (ended.length < 2) return null;
  const worked = sum(ended.map((trial) => trial.seconds));
  const kinds = new Map();
  for (const trial of ended) {
    const key = kind(trial);
    kinds.set(key, [...(kinds.get(key) ?? []), trial.seconds]);
  }
  const all = worked / ended.length;
  const expected = (trial) => {
    const like = kinds.get(kind(trial));
    return like ? sum(like) / like.length : all;
  };
  let left = 0;
  for (const trial of trials) {
    if (trial.state === 'waiting') left += expected(trial);
    if (trial.state === 'running') {
      const spent = trial.started_at ? (now - Date.parse(trial.started_at)) / 1000 : 0;
      left += Math.max(expected(trial) - spent, 0.1 * expected(trial));
    }
  }
  const elapsed = (now - Date.parse(createdAt)) / 1000;
  // Work done per second of wall clock; what no trial accounts for (decoding, starting) slows the rest alike.
  return elapsed > 0 ? left / (worked / elapsed) : null;
}

function kind(trial) {
  const { base, image_size: size, fine_tune_depth: depth } = trial.parameters;
  return JSON.stringify([base, size, depth]);
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
