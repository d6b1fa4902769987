import { test } from 'node:test';
import assert from 'node:assert/strict';
import { step } from '../../../web/model/confusion.js';
import { chosen, imageAddress, imagesAddress } from '../../../web/model/images.js';
import { MAX_UPLOAD, imageOf, uploadFault } from '../../../web/model/upload.js';

test('keys lead from cell to cell and never out of the matrix', () => {
  assert.deepEqual(step([0, 0], 'ArrowRight', 3), [0, 1]);
  assert.deepEqual(step([0, 0], 'ArrowUp', 3), [0, 0]);
  assert.deepEqual(step([2, 2], 'ArrowDown', 3), [2, 2]);
  assert.deepEqual(step([1, 1], 'Home', 3), [1, 0]);
  assert.deepEqual(step([1, 1], 'End', 3), [1, 2]);
  assert.deepEqual(step([1, 1], 'End', 3, true), [2, 2]);
  assert.deepEqual(step([1, 1], 'Home', 3, true), [0, 0]);
  assert.equal(step([1, 1], 'a', 3), null);
});

test('a cell is asked for as a whole, rows and columns only for their mistakes', () => {
  assert.equal(imagesAddress('s-1', {}, 24), '/api/v1/trials/s-1/images?wrong=true&limit=24');
  assert.equal(imagesAddress('s-1', { label: 'a b', predicted: 'c&d' }, 24), '/api/v1/trials/s-1/images?label=a+b&predicted=c%26d&limit=24');
  assert.equal(imagesAddress('s-1', { label: 'a', order: 'doubtful' }, 24), '/api/v1/trials/s-1/images?label=a&wrong=true&sort=doubtful&limit=24');
  assert.equal(imageAddress('s/1', 7, 256), '/api/v1/trials/s%2F1/images/7?size=256');
  assert.equal(chosen({ label: '', predicted: 'x' }), true);
  assert.equal(chosen({ label: '', predicted: '' }), false);
});

test('of what is dropped the first image counts', () => {
  const note = { name: 'note.txt', type: 'text/plain' };
  const photo = { name: 'photo.jpg', type: 'image/jpeg' };
  assert.equal(imageOf({ files: [note, photo] }), photo);
  assert.equal(imageOf({ files: [note] }), note);
  assert.equal(imageOf({ files: [] }), null);
  assert.equal(imageOf(null), null);
});

test('files that are empty or too large are not sent', () => {
  assert.equal(uploadFault({ size: 0 }), 'it is empty');
  assert.equal(uploadFault({ size: MAX_UPLOAD }), '');
  assert.match(uploadFault({ size: MAX_UPLOAD + 1 }), /32 MiB/);
});
