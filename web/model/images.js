/** Addresses of a trial's images. */

import { withQuery } from './route.js';

/** Whether images of certain classes are chosen, rather than all mistakes. */
export function chosen({ label, predicted }) {
  return Boolean(label || predicted);
}

/**
 * Where the chosen images are listed: those of one cell of the confusion matrix; of a row or column, or all, only the
 * mistakes.
 */
export function imagesAddress(trial, { label = '', predicted = '', order = '' }, limit) {
  const cell = label && predicted;
  return `/api/v1/trials/${encodeURIComponent(trial)}/images${withQuery({}, { label, predicted, wrong: cell ? '' : 'true', sort: order, limit: String(limit) })}`;
}

/** Where one image is, its longer side of at most so many pixels. */
export function imageAddress(trial, position, size) {
  return `/api/v1/trials/${encodeURIComponent(trial)}/images/${position}?size=${size}`;
}
