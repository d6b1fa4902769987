/** How far a sweep is. */

export const STATES = ['finished', 'pruned', 'running', 'failed', 'crashed', 'cancelled', 'waiting'];
const ENDED = ['finished', 'pruned', 'failed', 'crashed', 'cancelled'];

/** @param {Record<string, number>} counts by state */
export function progress(counts) {
  const total = STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const done = ENDED.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const segments = STATES.filter((state) => state !== 'waiting' && counts[state]).map((state) => ({ state, share: counts[state] / total }));
  return { total, done, segments };
}
