import * as format from '../model/format.js';
import { bounds, lastEpoch, phaseStart } from '../model/series.js';
import { axes, axisText } from './theme.js';

/**
 * Metrics of one trial by epoch: `lines` are `{metric, name, dashed}`; the kept epoch is marked, and the best
 * one where it is another; the fine-tune phase is shaded.
 * @param {{kept: number, best: number}} marked epochs; 0 for none
 * @returns {(colours: object) => object} the option of a chart
 */
export function trialCurves(epochs, lines, marked) {
  const curves = lines.map(({ metric }) => epochs.filter((epoch) => metric in epoch.metrics).map((epoch) => [epoch.epoch, epoch.metrics[metric], epoch.phase]));
  const share = format.isShare(lines[0].metric);
  const { min, max } = bounds(curves, share);
  const last = lastEpoch(curves);
  const tuned = phaseStart(epochs);
  return (colours) => {
    const label = { fontFamily: colours.font, fontSize: 12 };
    const colour = (index) => [colours.accent, colours.palette[1]][index];
    return {
      grid: { left: 8, right: 16, top: 40, bottom: 26, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 22, itemHeight: 8, icon: 'roundRect', textStyle: { ...label, color: colours.ink }, inactiveColor: colours.quiet },
      tooltip: {
        trigger: 'axis',
        confine: true,
        backgroundColor: colours.surface,
        borderColor: colours.line,
        textStyle: { ...label, color: colours.ink },
        axisPointer: { lineStyle: { color: colours.quiet } },
        // An element rather than text: nothing is read as markup, and no inline style is needed.
        formatter: (points) => tooltip(points, epochs, lines, marked),
      },
      ...axes(colours, { last, min, max, valueText: (value) => axisText(lines[0].metric, value) }),
      series: lines.map(({ name, dashed }, index) => ({
        type: 'line',
        name,
        data: curves[index].map((point) => [point[0], point[1]]),
        showSymbol: curves[index].length < 40,
        symbol: 'circle',
        symbolSize: 5,
        itemStyle: { color: colour(index) },
        lineStyle: { width: 2.2, color: colour(index), type: dashed ? [6, 4] : 'solid' },
        emphasis: { scale: 1.4, lineStyle: { width: 2.2 } },
        markLine: index === 0 ? marks(colours, label, marked, last) : undefined,
        markArea: index === 0 && tuned !== null ? phaseMark(colours, label, tuned, last) : undefined,
      })),
    };
  };
}

function marks(colours, label, { kept, best }, last) {
  const mark = (epoch, name) => ({
    xAxis: epoch,
    label: { ...label, formatter: name, color: colours.ink, position: 'end', distance: 3, align: epoch > 1 + (last - 1) * 0.75 ? 'right' : 'center' },
  });
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: colours.ink, type: [3, 3], width: 1.2 },
    data: [kept > 0 ? mark(kept, kept === best ? 'best, kept' : 'kept') : null, best > 0 && best !== kept ? mark(best, 'best') : null].filter(Boolean),
  };
}

function phaseMark(colours, label, from, last) {
  return {
    silent: true,
    itemStyle: { color: colours.shade },
    label: { ...label, color: colours.quiet, position: 'insideBottomLeft', distance: 6 },
    data: [[{ xAxis: Math.max(1, from - 0.5), name: 'fine-tuning' }, { xAxis: last }]],
  };
}

function tooltip(points, epochs, lines, { kept, best }) {
  const number = points[0]?.value[0];
  const epoch = epochs.find((each) => each.epoch === number);
  const box = document.createElement('div');
  const head = document.createElement('strong');
  head.textContent = `Epoch ${number}${number === best ? ', best' : ''}${number === kept ? ', kept' : ''}${epoch?.phase === 2 ? ', fine-tuning' : ''}`;
  box.append(head);
  for (const { metric } of lines) {
    const line = document.createElement('div');
    line.textContent = `${format.metricName(metric)}: ${format.metric(metric, epoch?.metrics[metric])}`;
    box.append(line);
  }
  return box;
}
