import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkline } from '../../../web/model/sparkline.js';
import { countTags, excerpt, filterSweeps, tagsOf, toggled } from '../../../web/model/sweeps.js';

const sweeps = [
  { id: 'a1', name: 'Warm coats', recorded_name: 'clothing', state: 'finished', method: 'grid', bases: ['xception'], tags: ['best', 'thesis'], notes: 'Zum **Vergleich**', archived: false },
  { id: 'b2', name: 'heads', recorded_name: 'heads', state: 'running', method: 'random', bases: ['mobilenet_v2'], tags: ['thesis'], notes: '', archived: false },
  { id: 'c3', name: 'old', recorded_name: 'old', state: 'failed', method: 'grid', bases: [], tags: ['best'], notes: '', archived: true },
];
const ids = (choice) => filterSweeps(sweeps, choice).map((sweep) => sweep.id);

test('every word is looked for in names, ids, tags, notes, bases, states and methods', () => {
  for (const [text, found] of [['WARM', ['a1']], ['clothing', ['a1']], ['b2', ['b2']], ['thesis', ['a1', 'b2']], ['vergleich', ['a1']],
    ['mobilenet', ['b2']], ['running', ['b2']], ['grid thesis', ['a1']], ['grid running', []], ['  ', ['a1', 'b2']]]) {
    assert.deepEqual(ids({ text }), found, text);
  }
});

test('archived sweeps are shown when asked for, and tags must all be there', () => {
  assert.deepEqual(ids({}), ['a1', 'b2']);
  assert.deepEqual(ids({ archived: true }), ['a1', 'b2', 'c3']);
  assert.deepEqual(ids({ tags: ['best'] }), ['a1']);
  assert.deepEqual(ids({ tags: ['best'], archived: true }), ['a1', 'c3']);
  assert.deepEqual(ids({ tags: ['best', 'thesis'], archived: true }), ['a1']);
});

test('tags are counted, and chosen in the address', () => {
  assert.deepEqual(countTags(sweeps), [{ tag: 'best', count: 2 }, { tag: 'thesis', count: 2 }]);
  assert.deepEqual(countTags([{ tags: ['b'] }, { tags: ['a', 'b'] }, {}]), [{ tag: 'b', count: 2 }, { tag: 'a', count: 1 }]);
  assert.deepEqual(tagsOf(' best, two words ,,best'), ['best', 'two words']);
  assert.deepEqual(tagsOf(undefined), []);
  assert.deepEqual(toggled(['a'], 'b'), ['a', 'b']);
  assert.deepEqual(toggled(['a', 'b'], 'a'), ['b']);
});

test('an excerpt has words only, and ends at one', () => {
  assert.equal(excerpt('# Why\n\n- It *works*, see [the page](https://example.org) and `x`'), 'Why It works, see the page and x');
  assert.equal(excerpt('one two three four', 9), 'one two…');
  assert.equal(excerpt('x'.repeat(200), 10), `${'x'.repeat(10)}…`);
  assert.equal(excerpt(''), '');
});

test('a sparkline steps from the first value to the last within its box', () => {
  const box = { width: 104, height: 24, margin: 2 };
  const drawn = sparkline({ trials: 5, steps: [{ trial: 1, value: 0.5 }, { trial: 3, value: 0.75 }, { trial: 5, value: 1 }] }, box);
  assert.equal(drawn.line, 'M2 22H52V12H102V2H102');
  assert.equal(drawn.area, 'M2 22H52V12H102V2H102V24H2Z');
  assert.deepEqual(drawn.end, [102, 2]);
});

test('a sparkline of values that fall goes down, of one value runs level, of none is none', () => {
  const box = { width: 104, height: 24, margin: 2 };
  assert.equal(sparkline({ trials: 3, steps: [{ trial: 1, value: 2 }, { trial: 3, value: 1 }] }, box).line, 'M2 2H102V22H102');
  assert.equal(sparkline({ trials: 9, steps: [{ trial: 1, value: 2 }] }, box).line, 'M2 12H102');
  assert.equal(sparkline({ trials: 1, steps: [{ trial: 1, value: 2 }] }, box).line, 'M2 12H102');
  assert.equal(sparkline({ trials: 0, steps: [] }, box), null);
});
