/** Smoothing of curves, so that their way is seen behind their noise. */

/**
 * An exponential moving average, as TensorBoard has it: what comes before the first value is taken out again, so that a
 * curve begins where it began. Gaps stay gaps.
 * @param {(number|null)[]} values
 * @param {number} weight of what was before, from 0 (no smoothing) to below 1
 * @returns {(number|null)[]}
 */
export function smooth(values, weight) {
  if (!(weight > 0)) return values;
  let average = 0;
  let share = 1;
  return values.map((value) => {
    if (value === null) return null;
    average = weight * average + (1 - weight) * value;
    share *= weight;
    return average / (1 - share);
  });
}
