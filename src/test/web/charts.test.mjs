import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanes, pack, workerName } from '../../../web/model/lanes.js';
import { tickTime, weights } from '../../../web/model/format.js';
import { roundTimes, timeStep, weightStep } from '../../../web/model/series.js';
import { smooth } from '../../../web/model/smooth.js';

test('what runs side by side gets rows, what follows shares one', () => {
  assert.deepEqual(pack([{ start: 0, end: 5 }, { start: 1, end: 3 }, { start: 3, end: 4 }, { start: 5, end: 6 }]), { rows: 2, row: [0, 1, 1, 0] });
});

test('a worker begun anew keeps its lane, and what still runs lasts until now', () => {
  const attempts = [
    { worker: 'worker 2, process 5', number: 2, started_at: '2026-01-01T00:00:00Z', ended_at: null },
    { worker: 'worker 1, process 4', number: 1, started_at: '2026-01-01T00:00:00Z', ended_at: '2026-01-01T00:00:05Z' },
    { worker: 'worker 1, process 9', number: 3, started_at: '2026-01-01T00:00:06Z', ended_at: '2026-01-01T00:00:08Z' },
  ];
  const [first, second] = lanes(attempts, Date.parse('2026-01-01T00:00:09Z'));
  assert.equal(first.worker, 'worker 1');
  assert.equal(first.rows, 1);
  assert.equal(first.spans.length, 2);
  assert.equal(second.spans[0].end - second.spans[0].start, 9000);
  assert.equal(workerName(''), 'unknown worker');
});

test('smoothing begins where the curve does, and leaves gaps', () => {
  assert.deepEqual(smooth([1, 2, 3], 0), [1, 2, 3]);
  const smoothed = smooth([1, null, 3], 0.5);
  assert.equal(smoothed[0], 1);
  assert.equal(smoothed[1], null);
  // (0.5 * 0.5 * 1 + 0.5 * 3) / (1 - 0.25)
  assert.ok(Math.abs(smoothed[2] - 7 / 3) < 1e-12);
});

test('labels of time are times that people say', () => {
  assert.equal(timeStep(10), 2);
  assert.equal(timeStep(100), 30);
  assert.equal(timeStep(4000), 900);
  assert.equal(timeStep(86400 * 30), 86400 * 5);
});

test('no two labels of an axis of times read the same', () => {
  for (const [least, most] of [[0.21, 0.34], [2.2, 11.4], [7, 12], [12.1, 14.3], [62.1, 62.9], [600, 1210], [4000, 4020], [4000, 9000], [90000, 90500]]) {
    const { min, max, interval } = roundTimes(least, most);
    assert.ok(min <= least && max >= most, `${least} to ${most}`);
    const labels = [];
    for (let i = 0; min + i * interval <= max + interval / 2; i++) labels.push(tickTime(min + i * interval));
    assert.equal(new Set(labels).size, labels.length, labels.join(', '));
    assert.ok(labels.length <= 9, labels.join(', '));
  }
  assert.deepEqual(roundTimes(5, 5), {});
});

test('no two labels of an axis of weights read the same', () => {
  for (const most of [812, 24_600, 999_000, 1_000_000, 21_124_525, 138_357_544]) {
    const step = weightStep(most);
    const last = Math.ceil(most / step) * step;
    assert.notEqual(weights(last - step, false), weights(last, false));
  }
});
