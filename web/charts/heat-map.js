import * as format from '../model/format.js';
import { words } from '../model/table.js';
import { asName } from './parallel.js';
import { tooltip } from './theme.js';

/** @returns {(colours: object) => object} the option of a chart of the mean of each pair of values */
export function heatMapOption(data, x, y, goal) {
  const across = valuesOf(data.groups, x);
  const up = valuesOf(data.groups, y);
  const cells = data.groups
    .filter((group) => group.mean !== null)
    .map((group) => ({ value: [placeOf(across, group.values[x]), placeOf(up, group.values[y]), group.mean], group }));
  const means = cells.map((cell) => cell.value[2]);
  const low = Math.min(...means);
  const high = Math.max(...means);
  /** Which third of the colours a value has, the better end last. */
  const third = (mean) => {
    const share = high > low ? (mean - low) / (high - low) : 0.5;
    return Math.min(2, Math.floor(3 * (goal === 'maximize' ? share : 1 - share)));
  };
  const crowded = across.length > 10 || up.length > 10;
  return (colours) => {
    const label = { color: colours.quiet, fontFamily: colours.font, fontSize: 12 };
    const axis = (values, name) => ({
      type: 'category',
      data: values.map(asName),
      name: words(name),
      nameLocation: 'middle',
      nameTextStyle: { ...label, color: colours.ink },
      axisLabel: { ...label, hideOverlap: true, width: 90, overflow: 'truncate' },
      axisLine: { show: false },
      axisTick: { show: false },
      splitArea: { show: false },
    });
    return {
      grid: { left: 34, right: 14, top: 10, bottom: 34, containLabel: true },
      tooltip: {
        ...tooltip(colours, ({ data: { group } }) => [
          `${format.metric(data.metric, group.mean)}${group.deviation === null ? '' : ` ± ${format.metric(data.metric, group.deviation)}`}`,
          `${words(x)} ${format.parameter(group.values[x])}, ${words(y)} ${format.parameter(group.values[y])}`,
          format.plural(group.count, 'finished trial'),
        ]),
      },
      visualMap: {
        show: false,
        min: low,
        max: high > low ? high : low + 1e-9,
        inRange: { color: goal === 'maximize' ? colours.scale : [...colours.scale].reverse() },
      },
      xAxis: { ...axis(across, x), nameGap: 30 },
      yAxis: { ...axis(up, y), nameGap: 70 },
      series: [{
        type: 'heatmap',
        data: cells.map((cell) => ({ ...cell, label: { color: colours.onScale[third(cell.value[2])] } })),
        label: { show: !crowded, formatter: ({ value }) => format.metric(data.metric, value[2]), fontFamily: colours.font, fontSize: 13, fontWeight: 600 },
        labelLayout: ({ rect, labelRect }) => ({ fontSize: labelRect.width > rect.width - 4 ? Math.max(8, Math.floor((13 * (rect.width - 4)) / labelRect.width)) : 13 }),
        itemStyle: { borderColor: colours.surface, borderWidth: 3, borderRadius: 6 },
        emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 2 } },
      }],
    };
  };
}

function valuesOf(groups, name) {
  const byText = new Map(groups.map((group) => [JSON.stringify(group.values[name]), group.values[name]]));
  return [...byText.values()].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true })));
}

function placeOf(values, value) {
  const text = JSON.stringify(value);
  return values.findIndex((each) => JSON.stringify(each) === text);
}
