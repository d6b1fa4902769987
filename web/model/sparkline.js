/** A small picture of how a best value grew: steps, as it holds from one trial until a better one. */

/**
 * @param {{trials: number, steps: {trial: number, value: number}[]}} growth
 * @param {{width: number, height: number, margin: number}} box
 * @returns {{line: string, area: string, end: [number, number]}|null} paths, and where the value stands now
 */
export function sparkline({ trials, steps }, { width, height, margin }) {
  if (steps.length === 0) return null;
  const values = steps.map((step) => step.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (trial) => round(margin + (trials > 1 ? (trial - 1) / (trials - 1) : 1) * (width - 2 * margin));
  const y = (value) => round(high > low ? height - margin - ((value - low) / (high - low)) * (height - 2 * margin) : height / 2);
  const start = trials > 1 ? x(steps[0].trial) : margin;
  let line = `M${start} ${y(values[0])}`;
  for (const step of steps.slice(1)) line += `H${x(step.trial)}V${y(step.value)}`;
  const end = [width - margin, y(values[values.length - 1])];
  line += `H${end[0]}`;
  return { line, area: `${line}V${height}H${start}Z`, end };
}

function round(value) {
  return Math.round(value * 100) / 100;
}
