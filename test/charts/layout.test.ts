import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chart, type ChartPoint, chartMarkKinds, chartVerdicts, sideOf } from '../../core/charts/chart.ts';
import { chartSvg } from '../../core/charts/chart-svg.ts';
import { layoutOf } from '../../core/charts/layout.ts';
import { timeTicks, valueTicks } from '../../core/charts/ticks.ts';
import { chartSentence, pointSentence } from '../../core/charts/words.ts';

const hour = 3_600_000;
const t0 = Date.UTC(2026, 2, 20);
const pointAt = (n: number, more: Partial<ChartPoint> = {}): ChartPoint => ({
  at: t0 + n * hour,
  verdict: 'ok',
  value: 0.8,
  ...more,
});
const chartOf = (points: ChartPoint[], more: Partial<Chart> = {}): Chart => ({
  ...{ title: 'Accuracy', from: t0, to: t0 + 24 * hour, points, marks: [], isPinned: false },
  ...more,
});
const sheet = { width: 960, plotHeight: 260 };

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
const maybe = fc.option(finite, { nil: undefined });
const pointArb = fc.record({
  at: fc.integer({ min: t0 - 30 * hour, max: t0 + 60 * hour }),
  verdict: fc.constantFrom(...chartVerdicts),
  value: maybe,
  count: fc.option(fc.nat(), { nil: undefined }),
  interval: fc.option(fc.record({ low: finite, high: finite }), { nil: undefined }),
  of: fc.option(fc.record({ low: finite, high: finite }), { nil: undefined }),
  ...{ baseline: maybe, warn: maybe, critical: maybe, first: maybe },
  provisional: fc.constantFrom('labels' as const, 'estimate' as const, undefined),
});
const markArb = fc.record({
  at: fc.integer({ min: t0, max: t0 + 24 * hour }),
  kind: fc.constantFrom(...chartMarkKinds),
  text: fc.string(),
});
const chartArb = fc.record({
  title: fc.string(),
  from: fc.constant(t0),
  to: fc.constantFrom(t0, t0 + 1, t0 + 24 * hour),
  points: fc.array(pointArb, { maxLength: 30 }).map((points) => points.toSorted((a, b) => a.at - b.at)),
  marks: fc.array(markArb, { maxLength: 20 }).map((marks) => marks.toSorted((a, b) => a.at - b.at)),
  isPinned: fc.boolean(),
});

describe('the geometry of a chart', () => {
  it('is finite and on the sheet, whatever the numbers', () => {
    fc.assert(
      fc.property(chartArb, fc.integer({ min: 60, max: 1400 }), fc.boolean(), (chart, width, bare) => {
        const layout = layoutOf(chart, { width, plotHeight: 120, bare });
        expect(JSON.stringify(layout)).not.toMatch(/NaN|Infinity|null/);
        const { top, bottom, left, right } = layout.plot;
        for (const { x, y } of layout.places) {
          expect(x).toBeGreaterThanOrEqual(left - 0.1);
          expect(x).toBeLessThanOrEqual(right + 0.1);
          expect(y).toBeGreaterThanOrEqual(top - 0.1);
          expect(y).toBeLessThanOrEqual(bottom + 0.1);
        }
        for (const svg of [chartSvg(chart), chartSvg(chart, 'narrow')]) expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(chartSentence(chart)).not.toMatch(/NaN|undefined/);
        for (const point of chart.points) expect(pointSentence(point, chart)).not.toMatch(/NaN|undefined/);
      }),
    );
  });

  it('never lets two flags of one level cover each other, and counts what has no room', () => {
    fc.assert(
      fc.property(chartArb, (chart) => {
        const { flags } = layoutOf(chart, sheet);
        const shown = chart.marks.filter(({ kind, at }) => kind !== 'page' && at <= chart.to).length;
        expect(flags.reduce((sum, { more }) => sum + 1 + more, 0)).toBe(shown);
        expect(flags.every(({ level }) => level <= 2)).toBe(true);
      }),
    );
  });

  it('breaks the line at a gap, and marks the time of which nothing is known', () => {
    const points = [0, 1, 2, 3, 12, 13, 14].map((n) => pointAt(n));
    const { judged, gaps, strip } = layoutOf(chartOf(points), sheet);
    expect(judged.match(/M/g)).toHaveLength(2);
    expect(gaps).toHaveLength(2);
    // From 14:00 on nothing is known either, so no verdict reaches the end.
    const last = strip.spans.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThan(700);
  });

  it('holds the baseline and both bounds, however far the values are from them', () => {
    const points = [pointAt(1, { baseline: 0.777, warn: 0.738, critical: 0.699 }), pointAt(2, { value: 0.79 })];
    const { plot, labels, fields, side } = layoutOf(chartOf(points), sheet);
    expect(side).toBe('below');
    expect(fields.map(({ severity }) => severity)).toEqual(['warn', 'critical']);
    expect(labels.map(({ name }) => name)).toEqual(['baseline', 'warn', 'critical']);
    for (const { y } of labels) expect(y).toBeGreaterThan(plot.top);
    for (const { y } of labels) expect(y).toBeLessThanOrEqual(plot.bottom);
  });

  it('draws what may still change apart, and keeps the first value of what was judged again', () => {
    const points = [pointAt(1), pointAt(2, { first: 0.7 }), pointAt(3, { provisional: 'labels' })];
    const { provisional, firsts, places } = layoutOf(chartOf(points), sheet);
    expect(provisional).toMatch(/^M[\d. ]+L[\d. ]+$/);
    expect(firsts).toMatch(/^M[\d. ]+h8$/);
    expect(places.map(({ isProvisional }) => isProvisional)).toEqual([false, false, true]);
  });

  it('joins pages that would cover each other', () => {
    const marks = [1, 2, 3, hour].map((ms) => ({ at: t0 + 5 * hour + ms, kind: 'page' as const, text: 'paged' }));
    expect(layoutOf(chartOf([pointAt(1), pointAt(2)], { marks }), sheet).pages.map(({ count }) => count)).toEqual([3, 1]);
  });
});

describe('the bad side', () => {
  it('follows from the bands, else from the baseline, else from what breached', () => {
    expect(sideOf([pointAt(0, { warn: 1, critical: 2 })])).toBe('above');
    expect(sideOf([pointAt(0, { warn: 2, critical: 1 })])).toBe('below');
    expect(sideOf([pointAt(0, { baseline: 5, warn: 4 })])).toBe('below');
    expect(sideOf([pointAt(0, { verdict: 'warn', value: 3, warn: 4 })])).toBe('below');
    expect(sideOf([pointAt(0, { verdict: 'ok', value: 3, warn: 4 })])).toBe('above');
  });
});

describe('ticks', () => {
  it('are round, of one precision, and few', () => {
    expect(valueTicks(0.5, 0.9, 4).map(({ text }) => text)).toEqual(['0.5', '0.6', '0.7', '0.8', '0.9']);
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        const ticks = valueTicks(Math.min(a, b), Math.max(a, b), 5);
        expect(ticks.length).toBeLessThanOrEqual(20);
      }),
    );
    const days = timeTicks(t0, t0 + 45 * 24 * hour, 9);
    expect(days.length).toBeLessThanOrEqual(10);
    expect(days.every(({ isDay }) => isDay)).toBe(true);
  });
});

describe('the sentence of a chart', () => {
  const bounds = { baseline: 0.777, warn: 0.738, critical: 0.699 };

  it('says from where to where, and whether the whole interval lies past the bound', () => {
    const points = [
      pointAt(10, { ...bounds, value: 0.801 }),
      pointAt(19, { ...bounds, value: 0.605, verdict: 'critical', interval: { low: 0.543, high: 0.664 } }),
    ];
    expect(chartSentence(chartOf(points))).toBe(
      'Accuracy fell from 0.801 at 10:00 to 0.605 at 19:00; its whole 95\u00a0% interval (0.543 to 0.664) lies below the critical bound of 0.699.',
    );
  });

  it('says of a point what happened since the one before it', () => {
    const points = [1, 2, 3].map((n) => pointAt(n, bounds));
    const marks = [
      { at: t0 + 1.5 * hour, kind: 'deploy' as const, text: 'b serves' },
      { at: t0 + 2 * hour, kind: 'page' as const, text: 'paged at 02:00' },
    ];
    const read = points.map((point) => pointSentence(point, chartOf(points, { marks })).split(', ').slice(3));
    expect(read).toEqual([[], ['b serves', 'paged'], []]);
  });

  it('says where chance explains it, and where nothing was judged', () => {
    const points = [
      pointAt(1, { ...bounds, value: 0.8 }),
      pointAt(2, { ...bounds, value: 0.73, interval: { low: 0.7, high: 0.75 } }),
    ];
    expect(chartSentence(chartOf(points))).toContain('still covers the warn bound of 0.738');
    expect(chartSentence(chartOf([]))).toBe('Accuracy: nothing was judged in this time.');
    expect(pointSentence(pointAt(3, { value: undefined }), chartOf([]))).toBe('03:00: not judged');
  });
});

it('draws history that is kept as one value an hour as a line, and a gap within it as a gap', () => {
  const hourly = [0, 1, 2, 3, 4, 5, 14, 15].map((n) => pointAt(n, { of: { low: 0.7, high: 0.9 } }));
  const fine = Array.from({ length: 60 }, (_, n) => pointAt(16 + n / 12));
  const { gaps, judged } = layoutOf(chartOf([...hourly, ...fine], { to: t0 + 21 * hour }), sheet);
  expect(gaps).toHaveLength(1);
  expect(judged.match(/M/g)).toHaveLength(2);
});
