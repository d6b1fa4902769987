import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confusions, rates } from '../../../web/model/confusion.js';
import { progress } from '../../../web/model/progress.js';
import { parse, withQuery } from '../../../web/model/route.js';
import { bounds, colourGroups, epochStep, lastEpoch, nearest, phaseStart } from '../../../web/model/series.js';

test('bounds ignore what is not a number and stay within shares', () => {
  const { min, max } = bounds([[[1, 0.5, 1], [2, null, 1], [3, 1, 1]]], true);
  assert.ok(min < 0.5 && min > 0.4);
  assert.equal(max, 1);
  assert.deepEqual(bounds([[]], true), { min: 0, max: 1, cut: false });
});

test('a loss that explodes does not flatten the others', () => {
  const calm = Array.from({ length: 40 }, (_, i) => [i + 1, 1 + i / 100, 1]);
  const { max, cut } = bounds([calm, [[1, 1e6, 1]]], false);
  assert.ok(cut);
  assert.ok(max < 5);
});

test('axes have few labels', () => {
  assert.equal(epochStep(2), 1);
  assert.equal(epochStep(10), 2);
  assert.equal(epochStep(19), 5);
  assert.equal(epochStep(200), 50);
  assert.equal(lastEpoch([[], [[1, 0, 1]]]), 2);
});

test('the nearest curve is found between its points, not across a gap', () => {
  const toPixel = ({ at, value }) => [at * 100, value * 100];
  const points = (...values) => values.map(([at, value]) => ({ at, value }));
  const curves = [
    { id: 'a', points: points([1, 1], [3, 1]) },
    { id: 'b', points: points([1, 2], [2, null], [3, 2]) },
  ];
  assert.equal(nearest(curves, { x: 210, y: 108 }, toPixel, 20).id, 'a');
  assert.equal(nearest(curves, { x: 200, y: 200 }, toPixel, 20), null);
  assert.deepEqual(nearest(curves, { x: 290, y: 198 }, toPixel, 20), { id: 'b', point: { at: 3, value: 2 } });
});

test('phases and colours', () => {
  assert.equal(phaseStart([{ epoch: 1, phase: 1 }, { epoch: 2, phase: 2 }]), 2);
  assert.equal(phaseStart([{ epoch: 1, phase: 1 }]), null);
  const groups = colourGroups([{ parameters: { lr: 0.1 } }, { parameters: { lr: 0.01 } }, { parameters: { lr: 0.1 } }], 'lr');
  assert.deepEqual([...groups], [['0.01', 0], ['0.1', 1]]);
});

test('progress counts what has ended', () => {
  const { total, done, segments } = progress({ finished: 2, running: 1, waiting: 1 });
  assert.equal(total, 4);
  assert.equal(done, 2);
  assert.deepEqual(segments, [{ state: 'finished', share: 0.5 }, { state: 'running', share: 0.25 }]);
});

test('addresses hold the state', () => {
  assert.deepEqual(parse('/sweeps/a%20b', '?q=x'), { page: 'sweep', id: 'a b', query: { q: 'x' } });
  assert.equal(parse('/').page, 'sweeps');
  assert.equal(parse('/sweeps').page, 'missing');
  assert.equal(withQuery({ q: 'x', sort: 'rank' }, { q: '', state: 'failed' }), '?sort=rank&state=failed');
});

test('confusions are told by count', () => {
  assert.deepEqual(rates([[1, 3], [0, 0]]), [[0.25, 0.75], [null, null]]);
  assert.deepEqual(confusions([[1, 3], [2, 0]], ['cat', 'dog'], 1), [{ actual: 'cat', predicted: 'dog', count: 3, rate: 0.75 }]);
});
