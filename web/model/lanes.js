/** A timeline: what ran side by side gets rows of its own. */

/**
 * Puts spans into as few rows as they need, each into the first row that is free when it begins.
 * @param {{start: number, end: number}[]} spans sorted by their start
 * @returns {{rows: number, row: number[]}} how many rows there are, and the row of each span
 */
export function pack(spans) {
  const ends = [];
  const row = spans.map(({ start, end }) => {
    let free = ends.findIndex((each) => each <= start);
    if (free < 0) free = ends.length;
    ends[free] = end;
    return free;
  });
  return { rows: ends.length, row };
}

/**
 * Attempts by worker, packed.
 * @param {{worker: string, started_at: string, ended_at: ?string}[]} attempts
 * @param {number} now milliseconds, where an attempt still runs
 * @returns {{worker: string, rows: number, spans: {start: number, end: number, row: number, attempt: any}[]}[]}
 */
export function lanes(attempts, now) {
  const workers = new Map();
  for (const attempt of attempts) {
    const name = workerName(attempt.worker);
    if (!workers.has(name)) workers.set(name, []);
    const start = Date.parse(attempt.started_at);
    const end = attempt.ended_at ? Date.parse(attempt.ended_at) : now;
    workers.get(name).push({ start, end: Math.max(end, start), attempt });
  }
  return [...workers.entries()]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([worker, spans]) => {
      spans.sort((a, b) => a.start - b.start || a.attempt.number - b.attempt.number);
      const { rows, row } = pack(spans);
      return { worker, rows, spans: spans.map((span, index) => ({ ...span, row: row[index] })) };
    });
}

/** "worker 1, process 4711" is worker 1, also after it was begun anew. */
export function workerName(text) {
  return text.split(',')[0].trim() || 'unknown worker';
}
