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
