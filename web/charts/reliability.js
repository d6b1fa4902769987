import * as format from '../model/format.js';

/**
 * A reliability diagram: for each bin of confidence, how often the predictions were right, beside the line on which both
 * are equal, and how many predictions there were.
 * @returns {(colours: object) => object} the option of a chart
 */
export function reliability({ bins }) {
  const most = Math.max(1, ...bins.map((bin) => bin.images));
  const width = 100 / bins.length;
  return (colours) => {
    const label = { color: colours.quiet, fontFamily: colours.font, fontSize: 12 };
    const grids = [
      { left: 50, right: 26, top: 30, bottom: 118 },
      { left: 50, right: 26, height: 46, bottom: 44 },
    ];
    const x = { type: 'value', min: 0, max: 100, interval: 20, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } }, splitLine: { show: false } };
    const bar = (index, fill, height) => ({
      type: 'custom',
      xAxisIndex: index,
      yAxisIndex: index,
      encode: { x: 0, y: 1 },
      data: bins.map((bin, at) => [(at + 0.5) * width, height(bin)]),
      itemStyle: { color: fill },
      renderItem: (params, api) => {
        const bin = bins[params.dataIndex];
        if (bin.images === 0) return { type: 'group' };
        const [left, top] = api.coord([params.dataIndex * width, height(bin)]);
        const [right, bottom] = api.coord([(params.dataIndex + 1) * width, 0]);
        const children = [{ type: 'rect', shape: { x: left + 1, y: top, width: Math.max(1, right - left - 2), height: bottom - top }, style: { fill } }];
        if (index === 0 && bin.interval) {
          const middle = (left + right) / 2;
          const low = api.coord([0, bin.interval.low * 100])[1];
          const high = api.coord([0, bin.interval.high * 100])[1];
          children.push({ type: 'line', shape: { x1: middle, x2: middle, y1: low, y2: high }, style: { stroke: colours.ink, lineWidth: 1.2, opacity: 0.75 } });
        }
        return { type: 'group', children };
      },
      z: 2,
    });
    return {
      legend: {
        top: 0,
        left: 0,
        itemWidth: 18,
        itemHeight: 8,
        textStyle: { ...label, color: colours.ink },
        data: [{ name: 'right' }, { name: 'as sure as right', icon: 'path://M0 3 L14 3 L14 5 L0 5 Z' }],
        selectedMode: false,
      },
      grid: grids,
      tooltip: {
        trigger: 'item',
        confine: true,
        backgroundColor: colours.surface,
        borderColor: colours.line,
        textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 12 },
        formatter: ({ dataIndex, seriesIndex }) => (seriesIndex === 2 ? '' : tooltip(bins[dataIndex])),
      },
      xAxis: [
        { ...x, axisLabel: { show: false } },
        { ...x, gridIndex: 1, axisLabel: { ...label, formatter: '{value} %' }, name: 'confidence', nameLocation: 'middle', nameGap: 26, nameTextStyle: label },
      ],
      yAxis: [
        { type: 'value', min: 0, max: 100, interval: 25, axisLabel: { ...label, formatter: '{value} %' }, splitLine: { lineStyle: { color: colours.line } } },
        { type: 'value', gridIndex: 1, min: 0, max: most, interval: most, axisLabel: { ...label, formatter: (value) => format.count(value) }, splitLine: { lineStyle: { color: colours.line } } },
      ],
      series: [
        { ...bar(0, colours.accent, (bin) => (bin.accuracy ?? 0) * 100), name: 'right' },
        { ...bar(1, colours.quiet, (bin) => bin.images), name: 'images' },
        {
          type: 'line',
          name: 'as sure as right',
          silent: true,
          showSymbol: false,
          data: [
            [0, 0],
            [100, 100],
          ],
          lineStyle: { color: colours.bad, width: 1.6, type: [6, 4] },
          itemStyle: { color: colours.bad },
          z: 3,
        },
      ],
    };
  };
}

function tooltip(bin) {
  const box = document.createElement('div');
  const add = (tag, text) => {
    const line = document.createElement(tag);
    line.textContent = text;
    box.append(line);
  };
  add('strong', `${Math.round(bin.low * 100)}–${Math.round(bin.high * 100)} % sure`);
  add('div', `${format.percent(bin.accuracy)} of ${format.plural(bin.images, 'image')} right`);
  add('div', `${format.percent(bin.confidence)} sure on average`);
  return box;
}
