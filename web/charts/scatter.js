import * as format from '../model/format.js';
import { roundTimes, weightStep } from '../model/series.js';
import { words } from '../model/table.js';
import { isWide } from './parallel.js';
import { axisText, tooltip } from './theme.js';

/** What can stand on an axis: time, size of the model, metrics, and parameters that are numbers. @returns {[string, string][]} */
export function scatterAxes(sweep) {
  const taken = new Set(sweep.parameters.map((each) => each.name));
  return [
    ['seconds', 'time of training'],
    ['model_weights', 'model weights'],
    ...[...new Set([sweep.metric, ...sweep.metrics])].filter((name) => !taken.has(name)).map((name) => [name, format.metricName(name)]),
    ...sweep.parameters.filter((each) => each.varying && each.numeric).map(({ name }) => [name, words(name)]),
  ];
}

/** The column of that name. */
export function column(points, name) {
  if (name === 'seconds' || name === 'model_weights') return points[name];
  return points.parameters[name] ?? points.metrics[name] ?? [];
}

/** A value of an axis as people say it. */
export function axisValue(name, value) {
  if (name === 'seconds') return format.duration(value);
  if (name === 'model_weights') return format.weights(value);
  return name.startsWith('val_') || name.endsWith('loss') || name.endsWith('accuracy') ? format.metric(name, value) : format.parameter(value);
}

/** Where labels stand, so that no two read the same. */
function spacing(name, values) {
  const known = values.filter((each) => typeof each === 'number');
  if (known.length === 0 || isWide(known)) return {};
  if (name === 'seconds') return roundTimes(Math.min(...known), Math.max(...known));
  return name === 'model_weights' ? { minInterval: weightStep(Math.max(...known)) } : {};
}

function tickText(sweep, name, value) {
  if (name === 'seconds') return format.tickTime(value);
  // A tick is a round number: 3 M rather than 3.00 M.
  if (name === 'model_weights') return format.weights(value, false);
  return sweep.metrics.includes(name) ? axisText(name, value) : format.parameter(value);
}

/** @returns {(colours: object) => object} the option of a chart */
export function scatterOption(sweep, points, x, y) {
  const xs = column(points, x);
  const ys = column(points, y);
  const marks = points.ids
    .map((id, index) => ({ id, number: points.numbers[index], value: [xs[index], ys[index]], index }))
    .filter(({ value }) => value.every((each) => typeof each === 'number'));
  const front = points.front.map((id) => marks.find((mark) => mark.id === id)).filter(Boolean);
  const onFront = new Set(front.map((mark) => mark.id));
  return (colours) => {
    const label = { color: colours.quiet, fontFamily: colours.font, fontSize: 12 };
    const axis = (name, values) => ({
      type: isWide(values) ? 'log' : 'value',
      scale: true,
      name: scatterAxes(sweep).find(([key]) => key === name)?.[1] ?? name,
      nameLocation: 'middle',
      nameTextStyle: { ...label, color: colours.ink },
      splitNumber: 5,
      ...spacing(name, values),
      axisLabel: { ...label, hideOverlap: true, formatter: (value) => tickText(sweep, name, value) },
      axisLine: { show: true, lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: colours.line } },
    });
    return {
      grid: { left: 30, right: 20, top: 14, bottom: 30, containLabel: true },
      tooltip: {
        trigger: 'item',
        ...tooltip(colours, ({ data }) => [
          `Trial ${data.number}${points.states[data.index] === 'finished' ? '' : `, ${points.states[data.index]}`}${onFront.has(data.id) ? ', beaten by none' : ''}`,
          `${words(x)}: ${axisValue(x, data.value[0])}`,
          `${words(y)}: ${axisValue(y, data.value[1])}`,
        ]),
      },
      xAxis: { ...axis(x, xs), nameGap: 28 },
      yAxis: { ...axis(y, ys), nameGap: 52 },
      series: [
        {
          type: 'line',
          data: front.map((mark) => ({ ...mark, symbol: 'none' })),
          step: false,
          silent: true,
          showSymbol: false,
          lineStyle: { color: colours.accent, width: 2, type: [5, 4] },
          z: 2,
        },
        {
          type: 'scatter',
          data: marks,
          symbolSize: (value, { data }) => (onFront.has(data.id) ? 11 : 7),
          itemStyle: { color: ({ data }) => (onFront.has(data.id) ? colours.accent : colours.faint), opacity: marks.length > 400 ? 0.6 : 0.9 },
          emphasis: { scale: 1.5 },
          z: 3,
        },
      ],
    };
  };
}
