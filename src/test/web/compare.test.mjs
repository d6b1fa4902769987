import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classRows, comparePath, curveMetrics, place, reach, readTrials, shortName, shown, without, witness } from '../../../web/model/compare.js';

describe('the address of a comparison', () => {
  it('names each trial once', () => {
    assert.deepEqual(readTrials('a-1, a-2,a-1,,'), ['a-1', 'a-2']);
    assert.deepEqual(readTrials(undefined), []);
  });

  it('is written so that people can read it', () => {
    assert.equal(comparePath(['a-1', 'a-2']), '/compare?trials=a-1,a-2');
    assert.equal(comparePath(['a-1', 'a-2'], { metric: 'val_loss', reference: '' }), '/compare?metric=val_loss&trials=a-1,a-2');
  });

  it('forgets a reference that is removed, and no other', () => {
    assert.deepEqual(without('a-2', { trials: 'a-1,a-2,a-3', reference: 'a-2' }), { trials: 'a-1,a-3', reference: '' });
    assert.deepEqual(without('a-2', { trials: 'a-1,a-2,a-3', reference: 'a-3' }), { trials: 'a-1,a-3', reference: 'a-3' });
  });
});

describe('rows of classes', () => {
  const score = (f1, recall = f1, precision = f1) => ({ f1, recall, precision });
  const classes = [
    { name: 'cat', support: 5, trials: [score(0.5), score(0.6), null] },
    { name: 'dog', support: 5, trials: [score(0.9), score(0.3), null] },
    { name: 'eel', support: 0, trials: [score(0, 0, 0), score(0, 0, 0), null] },
  ];

  it('come by the largest difference, or as in the data', () => {
    assert.deepEqual(classRows(classes, 'f1', false).map((row) => row.name), ['dog', 'cat', 'eel']);
    assert.deepEqual(classRows(classes, 'f1', true).map((row) => row.name), ['cat', 'dog', 'eel']);
  });

  it('have no value where there are no predictions or no images', () => {
    assert.deepEqual(classRows(classes, 'recall', true)[0].values, [0.5, 0.6, null]);
    assert.deepEqual(classRows(classes, 'recall', true)[2].values, [null, null, null]);
  });
});

describe('the axis of differences', () => {
  it('holds all intervals and zero', () => {
    const axis = reach([{ difference: { low: 0.05, high: 0.2 } }, { difference: null }]);
    assert.ok(axis.low < -0.01 && axis.high > 0.2);
    assert.equal(place(axis.low, axis), 0);
    assert.equal(place(axis.high, axis), 100);
  });

  it('is not empty where nothing differs', () => {
    const axis = reach([]);
    assert.ok(place(0, axis) > 49.9 && place(0, axis) < 50.1);
  });
});

describe('images that divide trials', () => {
  const image = (...predicted) => ({ label: 'cat', votes: predicted.map((each) => each && { predicted: each }) });

  it('are chosen by what the reference says', () => {
    const list = [image('cat', 'dog'), image('dog', 'cat'), image(null, 'cat')];
    assert.equal(shown(list, '', 0).length, 3);
    assert.deepEqual(shown(list, 'right', 0), [list[0]]);
    assert.deepEqual(shown(list, 'wrong', 0), [list[1]]);
  });

  it('are shown by the reference, or by whoever has seen them', () => {
    assert.equal(witness(image('cat', 'dog').votes, 1), 1);
    assert.equal(witness(image(null, 'dog').votes, 0), 1);
  });
});

describe('names', () => {
  it('of metrics begin with the one that ranks', () => {
    const curves = [[{ metrics: { loss: 1, val_loss: 1, val_accuracy: 1 } }], [{ metrics: { odd: 1 } }], []];
    assert.deepEqual(curveMetrics(curves, 'val_loss'), ['val_loss', 'val_accuracy', 'loss', 'odd']);
  });

  it('of trials have their sweep where that differs', () => {
    const a = { number: 1, sweep: 'x', sweep_name: 'hats' };
    const b = { number: 2, sweep: 'y', sweep_name: 'socks' };
    assert.equal(shortName(a, [a, { ...a, number: 3 }]), 'Trial 1');
    assert.equal(shortName(b, [a, b]), 'Trial 2 · socks');
  });
});
