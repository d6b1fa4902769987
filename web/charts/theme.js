import { isShare, tickTime } from '../model/format.js';
import { epochStep, timeStep } from '../model/series.js';

/** The page's colours, for the charts. */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read('ink'),
    quiet: read('quiet'),
    line: read('line'),
    surface: read('surface'),
    accent: read('accent'),
    shade: read('shade'),
    veil: read('veil'),
    faint: read('curve'),
    bad: read('bad'),
    busy: read('busy'),
    pruned: read('pruned'),
    scale: ['scale-low', 'scale-middle', 'scale-high'].map(read),
    onScale: ['on-scale-low', 'on-scale-middle', 'on-scale-high'].map(read),
    palette: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => read(`series-${n}`)),
    font: style.fontFamily,
  };
}

/** Calls back when the colours change. @returns {() => void} which ends it */
export function onThemeChange(callback) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', callback);
  return () => dark.removeEventListener('change', callback);
}

/** Axes as all charts draw them: epochs or seconds to the right, values up. */
export function axes(colours, { last, min, max, valueText, time = false }) {
  const step = time ? timeStep(last) : epochStep(last);
  const label = { color: colours.quiet, fontFamily: colours.font, fontSize: 12 };
  return {
    xAxis: {
      type: 'value',
      min: 0,
      max: last,
      interval: step,
      name: time ? 'time' : 'epoch',
      nameLocation: 'end',
      nameGap: 8,
      nameTextStyle: { ...label, align: 'right', verticalAlign: 'top', padding: [26, 0, 0, 0] },
      // There is no epoch 0, and the last one would crowd the label before it.
      axisLabel: {
        ...label,
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: last % step === 0,
        ...(time ? { formatter: tickTime } : {}),
      },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min,
      max,
      splitNumber: 4,
      axisLabel: { ...label, formatter: valueText, showMinLabel: false, showMaxLabel: false },
      splitLine: { lineStyle: { color: colours.line } },
    },
  };
}

/** A metric's value as an axis has it. */
export function axisText(metric, value) {
  return isShare(metric) ? `${Number((value * 100).toFixed(1))}%` : String(Number(Number(value).toPrecision(3)));
}

/** A tooltip in the page's colours, made of elements: nothing is read as markup, and no inline style is needed. */
export function tooltip(colours, lines) {
  return {
    confine: true,
    backgroundColor: colours.surface,
    borderColor: colours.line,
    textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 12 },
    formatter: (point) => {
      const texts = lines(point);
      const box = document.createElement('div');
      texts.forEach((text, index) => {
        const line = document.createElement(index === 0 ? 'strong' : 'div');
        line.textContent = text;
        box.append(line);
        if (index === 0) box.append(document.createElement('br'));
      });
      return box;
    },
  };
}
