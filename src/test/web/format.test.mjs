import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as format from '../../../web/model/format.js';

const plain = (text) => text.replaceAll('\u00a0', ' ');

test('intervals of shares name their unit once', () => {
  assert.equal(format.interval({ low: 0.786, high: 0.8661 }), '78.6–86.6\u00a0%');
});

test('shares are percent, losses have three digits', () => {
  assert.equal(plain(format.metric('val_accuracy', 0.85)), '85.0 %');
  assert.equal(format.metric('val_loss', 0.5), '0.500');
  assert.equal(format.metric('val_loss', 1234.4), '1,234');
  assert.equal(format.metric('loss', 1e-5), '1.00e-5');
  assert.equal(format.metric('val_loss', null), '–');
  assert.equal(format.metric('val_loss', NaN), '–');
});

test('parameters look as in a sweep file', () => {
  assert.equal(format.parameter(0.001), '0.001');
  assert.equal(format.parameter(1e-5), '1e-5');
  assert.equal(format.parameter(0.00025), '2.5e-4');
  assert.equal(format.parameter(0.00121577), '0.001216');
  assert.equal(format.parameter(123456), '123456');
  assert.equal(format.parameter(0), '0');
  assert.equal(format.parameter([128, 64]), '128, 64');
  assert.equal(format.parameter([]), 'none');
  assert.equal(format.parameter(undefined), '–');
});

test('times are told in two units', () => {
  assert.equal(plain(format.duration(0.42)), '0.4 s');
  assert.equal(plain(format.duration(59.6)), '1 min');
  assert.equal(plain(format.duration(192)), '3 min 12 s');
  assert.equal(plain(format.duration(3599.7)), '1 h');
  assert.equal(plain(format.duration(7500)), '2 h 5 min');
  assert.equal(plain(format.duration(90000)), '1 d 1 h');
  assert.equal(format.duration(null), '–');
  assert.equal(plain(format.tickTime(8)), '8 s');
  assert.equal(plain(format.tickTime(0.5)), '0.5 s');
  assert.equal(plain(format.tickTime(90)), '1 min 30 s');
});

test('estimates are rounded', () => {
  assert.equal(format.about(20), 'less than a minute');
  assert.equal(plain(format.about(70)), 'about 1 minute');
  assert.equal(plain(format.about(8000)), 'about 2 h 15 min');
});

test('moments are told from now', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  assert.equal(format.ago('2026-11-22T11:59:50Z', now), 'just now');
  assert.equal(format.ago('2026-11-22T11:57:00Z', now), '3 minutes ago');
  assert.equal(format.ago('2026-11-21T11:57:00Z', now), 'yesterday');
  assert.equal(format.ago(null, now), '–');
});

test('sizes have a unit', () => {
  assert.equal(plain(format.bytes(774348800)), '774 MB');
  assert.equal(plain(format.bytes(19358720)), '19 MB');
  assert.equal(plain(format.bytes(12)), '12 B');
});

test('counts of weights have a unit and three digits', () => {
  assert.equal(plain(format.weights(812)), '812');
  assert.equal(plain(format.weights(24_600)), '24.6 k');
  assert.equal(plain(format.weights(410_208)), '410 k');
  assert.equal(plain(format.weights(999_600)), '1.00 M');
  assert.equal(plain(format.weights(2_422_210)), '2.42 M');
  assert.equal(plain(format.weights(138_357_544)), '138 M');
  assert.equal(plain(format.weights(3_000_000, false)), '3 M');
  assert.equal(plain(format.weights(100_000_000, false)), '100 M');
  assert.equal(format.weights(null), '–');
});
