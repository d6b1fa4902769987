import * as format from '../model/format.js';
import { rates } from '../model/confusion.js';

/** As many as can be read beside each other. */
const LABELS = 24;

/**
 * A confusion matrix of many classes as a picture; cells without images are left out.
 * @returns {(colours: object) => object} the option of a chart
 */
export function confusionMap(matrix, names) {
  const shares = rates(matrix);
  const cells = matrix.flatMap((row, actual) => row.map((count, predicted) => [predicted, actual, count]).filter(([, , count]) => count > 0));
  return (colours) => {
    const label = { color: colours.quiet, fontFamily: colours.font, fontSize: 11, width: 90, overflow: 'truncate', interval: Math.ceil(names.length / LABELS) - 1 };
    const axis = { type: 'category', data: names, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, splitLine: { show: false } };
    return {
      grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
      tooltip: {
        confine: true,
        backgroundColor: colours.surface,
        borderColor: colours.line,
        textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 12 },
        // An element rather than text: nothing is read as markup.
        formatter: ({ value: [predicted, actual, count] }) => {
          const box = document.createElement('div');
          box.textContent = `${format.plural(count, 'image')} of ${names[actual]} predicted as ${names[predicted]}, ${format.percent(shares[actual][predicted])}`;
          return box;
        },
      },
      xAxis: { ...axis, axisLabel: { ...label, rotate: 90 } },
      yAxis: { ...axis, inverse: true, axisLabel: label },
      series: [
        {
          type: 'heatmap',
          progressive: 4000,
          data: cells.map((value) => ({
            value,
            itemStyle: { color: value[0] === value[1] ? colours.accent : colours.bad, opacity: 0.25 + 0.75 * (shares[value[1]][value[0]] ?? 0) ** 0.6 },
          })),
        },
      ],
    };
  };
}
