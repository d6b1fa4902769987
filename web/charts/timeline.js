import * as format from '../model/format.js';
import { timeStep } from '../model/series.js';
import { tooltip } from './theme.js';

const STATE_COLOURS = { finished: 'accent', running: 'busy', pruned: 'pruned', failed: 'bad', crashed: 'bad', cancelled: 'quiet' };
const ROW = 14;
const HEAD = 26;

/** How high the chart must be for its rows. */
export function timelineHeight(lanes) {
  return 46 + lanes.reduce((sum, lane) => sum + HEAD + Math.min(lane.rows, 40) * ROW, 0);
}

/** @returns {(colours: object) => object} the option of a chart: a lane for each worker, a bar for each attempt */
export function timelineOption(lanes) {
  let top = 0;
  const heads = [];
  const bars = [];
  for (const lane of lanes) {
    heads.push({ name: lane.worker, top });
    for (const span of lane.spans) {
      bars.push({ value: [span.start, span.end, top + HEAD + Math.min(span.row, 39) * ROW], attempt: span.attempt });
    }
    top += HEAD + Math.min(lane.rows, 40) * ROW;
  }
  const first = Math.min(...bars.map((bar) => bar.value[0]));
  const last = Math.max(...bars.map((bar) => bar.value[1]), first + 1000);
  return (colours) => ({
    grid: { left: 8, right: 16, top: 8, bottom: 30 },
    tooltip: { trigger: 'item', ...tooltip(colours, ({ data }) => (data.attempt ? lines(data.attempt, data.value) : [data.name])) },
    xAxis: {
      type: 'value',
      min: 0,
      max: (last - first) / 1000,
      interval: timeStep((last - first) / 1000),
      // The end is no round time, and its label would reach over the edge.
      axisLabel: { color: colours.quiet, fontFamily: colours.font, fontSize: 12, hideOverlap: true, showMaxLabel: false, formatter: format.tickTime },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: colours.line } },
    },
    yAxis: { type: 'value', min: 0, max: top, inverse: true, show: false },
    series: [
      {
        type: 'custom',
        silent: true,
        data: heads.map((head) => ({ value: [0, head.top], name: head.name })),
        renderItem: (params, api) => {
          const [x, y] = api.coord([0, api.value(1)]);
          return { type: 'text', style: { x: x + 2, y: y + 7, text: heads[params.dataIndex].name, fill: colours.ink, font: `600 12px ${colours.font}` } };
        },
      },
      {
        type: 'custom',
        encode: { x: [0, 1], y: 2 },
        data: bars.map((bar) => ({ ...bar, value: [(bar.value[0] - first) / 1000, (bar.value[1] - first) / 1000, bar.value[2]] })),
        progressive: 0,
        renderItem: (params, api) => {
          const [x, y] = api.coord([api.value(0), api.value(2)]);
          const [end] = api.coord([api.value(1), api.value(2)]);
          const { attempt } = bars[params.dataIndex];
          const bad = attempt.state === 'failed' || attempt.state === 'crashed';
          return {
            type: 'rect',
            shape: { x, y: y + 1, width: Math.max(end - x - 1, 2), height: ROW - 3, r: 3 },
            style: {
              fill: colours[STATE_COLOURS[attempt.state] ?? 'quiet'],
              opacity: attempt.cache_hit && !bad ? 0.55 : 0.95,
              stroke: attempt.attempt > 1 ? colours.ink : undefined,
              lineWidth: attempt.attempt > 1 ? 1.5 : 0,
            },
          };
        },
      },
    ],
  });
}

function lines(attempt, [start, end]) {
  return [
    `Trial ${attempt.number}${attempt.attempt > 1 ? `, attempt ${attempt.attempt}` : ''}: ${attempt.state}`,
    `${format.duration(end - start)}, begun ${format.duration(start)} after the first`,
    attempt.cache_hit ? 'features from the cache' : 'features computed in this sweep',
    ...(attempt.reason ? [attempt.reason] : []),
  ];
}
