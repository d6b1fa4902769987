import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf, shownColumns, steady, toggledColumns } from '../../../web/model/table.js';

const sweep = {
  metric: 'val_loss',
  goal: 'minimize',
  metrics: ['loss', 'val_accuracy', 'val_loss'],
  parameters: [
    { name: 'base', varying: false, numeric: false, values: ['xception'] },
    { name: 'learning_rate', varying: true, numeric: true, values: [0.001, 0.01] },
  ],
};
const columns = columnsOf(sweep);
const keys = (list) => list.map((each) => each.key);

test('only what varies is shown unless other columns are chosen', () => {
  assert.deepEqual(keys(shownColumns(columns, sweep)), ['number', 'rank', 'state', 'val_loss', 'learning_rate', 'val_accuracy', 'epochs', 'seconds']);
  assert.deepEqual(keys(shownColumns(columns, sweep, 'base,seed')), ['number', 'seed', 'base']);
});

test('a column is put in and taken out again, and the usual choice leaves no trace', () => {
  const more = toggledColumns(columns, sweep, '', 'base');
  assert.ok(more.split(',').includes('base'));
  assert.equal(toggledColumns(columns, sweep, more, 'base'), '');
});

test('a name with a comma in it is one column', () => {
  const odd = { ...sweep, parameters: [{ name: 'a,b', varying: true, numeric: true, values: [1, 2] }] };
  const chosen = toggledColumns(columnsOf(odd), odd, '', 'rank');
  assert.ok(keys(shownColumns(columnsOf(odd), odd, chosen)).includes('a,b'));
});

test('the first click on a metric shows the better end first', () => {
  const first = (key) => columns.find((column) => column.key === key).first;
  assert.equal(first('val_loss'), 'asc');
  assert.equal(first('val_accuracy'), 'desc');
});

test('rows stay where they are, with what is new of them', () => {
  const before = [{ id: 'a', value: 1 }, { id: 'b', value: 2 }];
  const now = [{ id: 'b', value: 3 }, { id: 'c', value: 2 }, { id: 'a', value: 1 }];
  const { rows, moved } = steady(before, now);
  assert.deepEqual(rows, [{ id: 'a', value: 1 }, { id: 'b', value: 3 }, { id: 'c', value: 2 }]);
  assert.ok(moved);
  assert.equal(steady(now, now).moved, false);
});
