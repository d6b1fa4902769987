/** Curves: what is drawn, within which bounds, and which one the pointer means. */

/** @typedef {[number, number|null, number]} Point epoch, value or null for NaN, phase */

/** Bounds of all finite values, with a margin; one trial that explodes must not flatten the others. */
export function bounds(curves, share) {
  const values = curves.flatMap((points) => points.map((point) => point[1])).filter((value) => value !== null);
  if (values.length === 0) return { min: 0, max: 1, cut: false };
  values.sort((a, b) => a - b);
  const low = values[0];
  const high = values[values.length - 1];
  const usual = values[Math.floor((values.length - 1) * 0.9)];
  const cut = !share && values.length > 20 && high > low + 4 * (usual - low) && usual > low;
  const top = cut ? low + 1.6 * (usual - low) : high;
  const margin = (top - low || Math.abs(top) || 1) * 0.06;
  return {
    min: share ? Math.max(0, low - margin) : low >= 0 ? Math.max(0, low - margin) : low - margin,
    max: share ? Math.min(1, top + margin) : top + margin,
    cut,
  };
}

/** The last epoch any curve has, at least 2: one point is no axis. */
export function lastEpoch(curves) {
  let last = 2;
  for (const points of curves) {
    if (points.length > 0) last = Math.max(last, points[points.length - 1][0]);
  }
  return last;
}

/** Epochs between two labels of an axis: about six of them, at 1, 2 or 5 times a power of ten. */
export function epochStep(last) {
  const rough = last / 6;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
}

/** Seconds between two labels of an axis: about five of them, at times that people say. */
export function timeStep(last) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];
  return steps.find((step) => last / step <= 6) ?? Math.ceil(last / 6 / 86400) * 86400;
}

/** An axis of times that begins, steps and ends at such as people say, all told apart; nothing where there is no room for steps. */
export function roundTimes(least, most) {
  const finest = most >= 86400 ? 3600 : most >= 3600 ? 60 : most >= 9.95 ? 1 : 0.1;
  const interval = Math.max(timeStep(most - least), finest);
  // ECharts counts steps from where an axis begins.
  return most === least ? {} : { interval, min: Math.floor(least / interval) * interval, max: Math.ceil(most / interval) * interval };
}

/** The least distance of two counts of weights that are told apart with three digits, where the larger is so large. */
export function weightStep(most) {
  return 10 ** Math.max(0, Math.floor(Math.log10(most)) - 2);
}

/** The epoch from which the second phase runs, or null. @param {{epoch: number, phase: number}[]} epochs */
export function phaseStart(epochs) {
  return epochs.find((epoch) => epoch.phase === 2)?.epoch ?? null;
}

/**
 * The curve nearest to a place, if one is near enough.
 * @param {{id: string, points: {value: ?number}[]}[]} curves
 * @param {{x: number, y: number}} place in pixels
 * @param {(point: any) => [number, number]} toPixel
 * @param {number} reach in pixels
 * @returns {{id: string, point: Point}|null} with the curve's point nearest to the place
 */
export function nearest(curves, place, toPixel, reach) {
  let best = null;
  let bestDistance = reach;
  for (const curve of curves) {
    let before = null;
    for (const point of curve.points) {
      if (point.value === null) {
        before = null;
        continue;
      }
      const at = toPixel(point);
      const distance = before ? toSegment(place, before.at, at) : Math.hypot(place.x - at[0], place.y - at[1]);
      if (distance < bestDistance) {
        bestDistance = distance;
        const closer = before && Math.abs(before.at[0] - place.x) < Math.abs(at[0] - place.x);
        best = { id: curve.id, point: closer ? before.point : point };
      }
      before = { at, point };
    }
  }
  return best;
}

function toSegment(place, [ax, ay], [bx, by]) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((place.x - ax) * (bx - ax) + (place.y - ay) * (by - ay)) / length));
  return Math.hypot(place.x - ax - along * (bx - ax), place.y - ay - along * (by - ay));
}

/**
 * Groups for colouring curves by a parameter: its values, sorted, each with its place in the palette.
 * @returns {Map<string, number>} by the value as JSON
 */
export function colourGroups(trials, name) {
  const values = new Map();
  for (const trial of trials) values.set(JSON.stringify(trial.parameters[name] ?? null), trial.parameters[name] ?? null);
  const sorted = [...values.entries()].sort(([, a], [, b]) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true }));
  return new Map(sorted.map(([key], index) => [key, index]));
}
