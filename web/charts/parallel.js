import * as format from '../model/format.js';
import { words } from '../model/table.js';
import { axisText } from './theme.js';

/** More values than these stand on an axis as numbers, not each by itself. */
const MOST_NAMES = 14;

/**
 * The axes of parallel coordinates: one for each parameter that varies, the metric last. An axis with few values has each
 * by itself, so that a grid of 0.0001, 0.001 and 0.01 is spread evenly.
 * @returns {{name: string, label: string, names: ?string[], log: boolean}[]}
 */
export function parallelAxes(sweep, points) {
  const axes = sweep.parameters
    .filter((each) => each.varying)
    .map(({ name, numeric, distinct, values }) => {
      if (!numeric || distinct <= MOST_NAMES) return { name, label: words(name), names: values.map(asName), log: false };
      return { name, label: words(name), names: null, log: isWide(points.parameters[name] ?? []) };
    });
  return [...axes, { name: sweep.metric, label: format.shortMetricName(sweep.metric), names: null, log: false, metric: true }];
}

/** Whether numbers span so much that only their size matters. @param {(number|null)[]} numbers */
export function isWide(numbers) {
  const known = numbers.filter((each) => typeof each === 'number');
  const least = Math.min(...known);
  return known.length > 1 && least > 0 && Math.max(...known) / least > 50;
}

const shortened = (text) => (text.length > 18 ? `${text.slice(0, 17)}…` : text);

/** A value as it stands on an axis. */
export const asName = (value) => (value === null || value === undefined ? format.MISSING : format.parameter(value));

/** What was brushed on an axis as a range of values, or null for nothing. */
export function brushedRange(axis, intervals, values) {
  if (intervals.length === 0) return null;
  if (!axis.names) return { name: axis.name, low: Math.min(...intervals.map((each) => each[0])), high: Math.max(...intervals.map((each) => each[1])) };
  const chosen = values.filter((value, index) => value !== null && intervals.some(([low, high]) => index >= low && index <= high));
  return chosen.length === 0 ? null : { name: axis.name, values: chosen.map((value) => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value))) };
}

/** The other way round: where a range is on its axis. */
export function intervalsOf(axis, range, values) {
  if (!axis.names) return 'values' in range ? [] : [[range.low, range.high]];
  if (!('values' in range)) return [];
  return values.flatMap((value, index) => {
    const text = Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
    return range.values.includes(text) ? [[index - 0.4, index + 0.4]] : [];
  });
}

/** @returns {(colours: object) => object} the option of a chart */
export function parallelOption(sweep, points, axes) {
  const metricValues = points.metrics[sweep.metric] ?? [];
  const known = metricValues.filter((value) => value !== null);
  const rows = points.ids.map((id, index) => axes.map((axis) => {
    if (axis.metric) return metricValues[index] ?? '-';
    const value = points.parameters[axis.name]?.[index] ?? null;
    if (!axis.names) return value ?? '-';
    const place = axis.names.indexOf(asName(value));
    return place < 0 ? '-' : place;
  }));
  const many = rows.length > 200;
  return (colours) => {
    const label = { color: colours.quiet, fontFamily: colours.font, fontSize: 12 };
    const better = sweep.goal === 'maximize';
    return {
      parallel: { left: 60, right: 90, top: 44, bottom: 24 },
      visualMap: {
        show: false,
        dimension: axes.length - 1,
        seriesIndex: 0,
        min: known.length > 0 ? Math.min(...known) : 0,
        max: known.length > 0 ? Math.max(...known) : 1,
        inRange: { color: better ? colours.scale : [...colours.scale].reverse() },
      },
      parallelAxis: axes.map((axis, dim) => ({
        id: axis.name,
        realtime: false,
        dim,
        name: axis.label,
        // Places rather than categories, between which nothing could be brushed; ticks begin at the least value, so halves
        // reach the places.
        type: axis.log ? 'log' : 'value',
        ...(axis.names ? { min: -0.5, max: axis.names.length - 0.5, interval: 0.5 } : { scale: true }),
        nameLocation: 'end',
        nameGap: 16,
        nameTextStyle: { ...label, color: colours.ink, width: 120, overflow: 'truncate' },
        axisLabel: { ...label, color: colours.ink, backgroundColor: colours.veil, padding: [1, 4], borderRadius: 3, hideOverlap: (axis.names?.length ?? Infinity) > MOST_NAMES, formatter: (value) => (axis.metric ? axisText(axis.name, value) : shortened(String(axis.names ? (axis.names[value] ?? '') : value))) },
        axisLine: { lineStyle: { color: colours.line, width: 1.5 } },
        axisTick: { show: false },
        z: 20,
        areaSelectStyle: { width: 22, borderWidth: 1, borderColor: colours.accent, color: colours.accent, opacity: 0.18 },
      })),
      series: [{
        type: 'parallel',
        smooth: 0.15,
        progressive: 0,
        inactiveOpacity: 0.04,
        activeOpacity: 1,
        lineStyle: { width: many ? 1 : 1.8, opacity: many ? 0.35 : 0.75 },
        emphasis: { lineStyle: { width: 3, opacity: 1 } },
        data: rows,
      }],
    };
  };
}
