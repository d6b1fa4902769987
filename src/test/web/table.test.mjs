import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf, filterTrials, sortTrials, splitParameters } from '../../../web/model/table.js';

const trial = (number, parameters, more = {}) => ({ id: `s-${number}`, number, state: 'finished', reason: '', parameters, rank: null, best: null, epochs: 0, seconds: null, ...more });
const trials = [
  trial(1, { base: 'xception', learning_rate: 0.01, dropout: 0.2 }, { rank: 2, best: { epoch: 3, metrics: { val_accuracy: 0.8 } } }),
  trial(2, { base: 'xception', learning_rate: 0.001, dropout: 0.2 }, { rank: 1, best: { epoch: 5, metrics: { val_accuracy: 0.9 } } }),
  trial(3, { base: 'xception', learning_rate: 0.1, dropout: 0.2 }, { state: 'failed', reason: 'loss is NaN' }),
];
const columns = columnsOf(trials, 'val_accuracy', 'maximize');
const numbers = (list) => list.map((each) => each.number);

test('only parameters that vary get a column', () => {
  const { varying, constant } = splitParameters(trials);
  assert.deepEqual(varying, ['learning_rate']);
  assert.deepEqual(constant, [{ name: 'base', value: 'xception' }, { name: 'dropout', value: 0.2 }]);
  assert.ok(columns.some((column) => column.key === 'p.learning_rate' && column.numeric));
});

test('a parameter that some trials lack varies', () => {
  assert.deepEqual(splitParameters([trial(1, { a: 1 }), trial(2, {})]).varying, ['a']);
});

test('rows without a value come last in either order', () => {
  assert.deepEqual(numbers(sortTrials(trials, columns, 'val_accuracy', 'asc')), [1, 2, 3]);
  assert.deepEqual(numbers(sortTrials(trials, columns, 'val_accuracy', 'desc')), [2, 1, 3]);
  assert.deepEqual(numbers(sortTrials(trials, columns, 'p.learning_rate', 'asc')), [2, 1, 3]);
});

test('an unknown column sorts by rank', () => {
  assert.deepEqual(numbers(sortTrials(trials, columns, 'nonsense', '')), [2, 1, 3]);
});

test('every word must be found, pairs exactly', () => {
  assert.deepEqual(numbers(filterTrials(trials, 'xception nan')), [3]);
  assert.deepEqual(numbers(filterTrials(trials, 'learning_rate=0.01')), [1]);
  assert.deepEqual(numbers(filterTrials(trials, '#2')), [2]);
  assert.deepEqual(numbers(filterTrials(trials, '', 'failed')), [3]);
  assert.deepEqual(numbers(filterTrials(trials, 'resnet50')), []);
});
