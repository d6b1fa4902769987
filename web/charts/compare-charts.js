import * as format from '../model/format.js';
import { SYMBOLS } from '../model/compare.js';
import { bounds, lastEpoch } from '../model/series.js';
import { axes, axisText, tooltip } from './theme.js';

/** One metric of a few trials by epoch. @param {{name: string, epochs: object[], kept: number}[]} trials */
export function compareCurves(trials, metric) {
  const drawn = trials.map(({ epochs }) => epochs.filter((epoch) => metric in epoch.metrics).map((epoch) => [epoch.epoch, epoch.metrics[metric], epoch.phase]));
  const { min, max } = bounds(drawn, format.isShare(metric));
  const last = lastEpoch(drawn);
  return (colours) => ({
    grid: { left: 8, right: 16, top: 12, bottom: 26, containLabel: true },
    tooltip: {
      ...tooltip(colours, (points) => [
        `Epoch ${points[0].value[0]}`,
        ...points.map((point) => `${point.seriesName}: ${format.metric(metric, point.value[1])}${trials[point.seriesIndex].kept === point.value[0] ? ', kept' : ''}`),
      ]),
      trigger: 'axis',
      axisPointer: { lineStyle: { color: colours.quiet } },
    },
    ...axes(colours, { last, min, max, valueText: (value) => axisText(metric, value) }),
    series: trials.map(({ name, kept }, index) => ({
      type: 'line',
      name,
      data: drawn[index].map(([epoch, value]) => ({ value: [epoch, value], symbolSize: epoch === kept ? 12 : 6 })),
      symbol: SYMBOLS[index],
      showSymbol: true,
      itemStyle: { color: colours.palette[index] },
      lineStyle: { width: 2.2, color: colours.palette[index] },
      emphasis: { focus: 'series', lineStyle: { width: 3 } },
    })),
  });
}

/** One score of each class, a mark for each trial. @param {ReturnType<import('../model/compare.js').classRows>} rows */
export function classDots(rows, names, scoreName) {
  const values = rows.flatMap((row) => row.values.filter((value) => value !== null));
  const low = Math.max(0, Math.floor(5 * Math.min(0.8, ...values)) / 5);
  return (colours) => {
    const label = { color: colours.quiet, fontFamily: colours.font, fontSize: 12 };
    return {
      grid: { left: 8, right: 22, top: 26, bottom: 4, containLabel: true },
      tooltip: {
        ...tooltip(colours, (points) => [rows[points[0].dataIndex].name, ...points.filter((point) => point.seriesIndex > 0).map((point) => `${point.seriesName}: ${format.percent(point.value[0])} ${scoreName}`)]),
        trigger: 'axis',
        axisPointer: { type: 'shadow', shadowStyle: { color: colours.shade } },
      },
      xAxis: {
        type: 'value',
        position: 'top',
        min: low,
        max: 1,
        interval: low > 0.5 ? 0.1 : 0.2,
        axisLabel: { ...label, hideOverlap: true, formatter: (value) => `${Math.round(100 * value)}%` },
        splitLine: { lineStyle: { color: colours.line } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map((row) => row.name),
        axisLabel: { ...label, color: colours.ink, width: 110, overflow: 'truncate', interval: 0 },
        axisLine: { show: false },
        axisTick: { show: false },
      },
      series: [
        // A line from the lowest to the highest: its length is what the trials differ by.
        {
          type: 'custom',
          silent: true,
          data: rows.map((row, index) => {
            const known = row.values.filter((value) => value !== null);
            return [Math.min(...known), index, Math.max(...known)];
          }),
          encode: { x: [0, 2], y: 1 },
          renderItem: (_, api) => {
            const [x1, y] = api.coord([api.value(0), api.value(1)]);
            const [x2] = api.coord([api.value(2), api.value(1)]);
            return { type: 'line', shape: { x1, y1: y, x2, y2: y }, style: { stroke: colours.faint, lineWidth: 2 } };
          },
        },
        ...names.map((name, index) => ({
          type: 'scatter',
          name,
          symbol: SYMBOLS[index],
          symbolSize: 12,
          itemStyle: { color: colours.palette[index], borderColor: colours.surface, borderWidth: 1.5, opacity: 1 },
          data: rows.map((row, each) => [row.values[index] ?? '-', each]),
        })),
      ],
    };
  };
}
