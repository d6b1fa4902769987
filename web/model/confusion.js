/** What a confusion matrix says beyond its cells. */

/** The share of each row's images in each cell; null for a class without images. @param {number[][]} matrix */
export function rates(matrix) {
  return matrix.map((row) => {
    const support = row.reduce((sum, cell) => sum + cell, 0);
    return row.map((cell) => (support === 0 ? null : cell / support));
  });
}

/** The most frequent confusions, the largest first. */
export function confusions(matrix, names, limit) {
  const all = [];
  matrix.forEach((row, actual) => {
    const support = row.reduce((sum, cell) => sum + cell, 0);
    row.forEach((cell, predicted) => {
      if (cell > 0 && actual !== predicted) {
        all.push({ actual: names[actual], predicted: names[predicted], count: cell, rate: cell / support });
      }
    });
  });
  return all.sort((a, b) => b.count - a.count || b.rate - a.rate).slice(0, limit);
}

/** Where a key leads from a cell of a square grid, or null for a key that leads nowhere. @returns {[number, number]|null} */
export function step([row, column], key, size, far) {
  const last = size - 1;
  const within = (value) => Math.min(last, Math.max(0, value));
  switch (key) {
    case 'ArrowUp':
      return [within(row - 1), column];
    case 'ArrowDown':
      return [within(row + 1), column];
    case 'ArrowLeft':
      return [row, within(column - 1)];
    case 'ArrowRight':
      return [row, within(column + 1)];
    case 'Home':
      return far ? [0, 0] : [row, 0];
    case 'End':
      return far ? [last, last] : [row, last];
    default:
      return null;
  }
}
