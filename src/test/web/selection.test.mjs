import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, clause, filterValue, quoted, readBrush, readNumbers, selection, withRange, writeBrush } from '../../../web/model/selection.js';

test('what was brushed survives the address', () => {
  const ranges = [
    { name: 'learning_rate', low: 0.0001, high: 0.01 },
    { name: 'a;b:c', values: ['x,y', '[256, 64]', '..'] },
  ];
  assert.deepEqual(readBrush(writeBrush(ranges)), ranges);
});

test('nonsense in an address is left out', () => {
  assert.deepEqual(readBrush('nonsense;:1..2;a:;b:5..1;c:%E0%A4%A'), [{ name: 'c', values: ['%E0%A4%A'] }]);
  assert.deepEqual(readNumbers('3,1,3,x,-2,1.5'), [3, 1]);
});

test('ranges become filter expressions', () => {
  assert.equal(clause({ name: 'dropout', low: 0.1, high: 0.30000000000000004 }), 'dropout >= 0.1 and dropout <= 0.3');
  assert.equal(clause({ name: 'base', values: ['vgg16'] }), 'base = vgg16');
  assert.equal(clause({ name: 'my "base"', values: ['a b', 'or'] }), '"my \\"base\\"" in ("a b", "or")');
  assert.equal(quoted('[256, 64]'), '[256, 64]');
  assert.equal(filterValue([128]), '[128]');
});

test('filter and state hold both', () => {
  assert.deepEqual(selection({ filter: 'a = 1 or b = 2', state: 'failed' }), { filter: '(a = 1 or b = 2) and state = failed', brush: '', hidden: '' });
  assert.deepEqual(selection({}), { filter: '', brush: '', hidden: '' });
});

test('a range is replaced or taken away', () => {
  const ranges = [{ name: 'a', low: 1, high: 2 }, { name: 'b', low: 1, high: 2 }];
  assert.deepEqual(withRange(ranges, 'a', { name: 'a', low: 3, high: 4 }), [ranges[1], { name: 'a', low: 3, high: 4 }]);
  assert.deepEqual(withRange(ranges, 'a', null), [ranges[1]]);
});

test('an address says only what is asked', () => {
  assert.equal(address('/x', { a: '', b: 'c d', n: 0 }), '/x?b=c+d&n=0');
  assert.equal(address('/x', { a: '' }), '/x');
});
