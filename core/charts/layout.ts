import type { Severity } from '../vocabulary/schema-parts.ts';
import { type Chart, type ChartPoint, type ChartVerdict, longestStep, type Side, sideOf } from './chart.ts';
import { bandOf, type Cut, intervalOf, linesOf, reachOf, stepsOf } from './layout-lines.ts';
import { type Flag, flagsOf, type Label, labelsOf, levelHeight } from './layout-texts.ts';
import type { TimeTick } from './ticks.ts';
import { timeTicks, utcTick, valueTicks } from './ticks.ts';

/** In CSS pixels. `bare`: no axes, no texts, no flags: a small picture in a row. */
export type Sheet = {
  width: number;
  plotHeight: number;
  bare?: boolean;
  /** How a time is written below the axis; by default in UTC. */
  timeText?: (tick: TimeTick) => string;
};

/**
 * Where everything of a chart lies: numbers and paths, so that text and components draw the same.
 */
export type Layout = {
  width: number;
  height: number;
  plot: { left: number; right: number; top: number; bottom: number };
  side: Side;
  /** Where the bands are. */
  fields: { severity: Severity; d: string }[];
  /** Times of which nothing is known. */
  gaps: { x: number; width: number }[];
  /** Where the true values lie by chance alone. */
  interval: string;
  baseline: string;
  bounds: { severity: Severity; d: string }[];
  /** The values; those that may still change are apart. */
  judged: string;
  provisional: string;
  /** From the lowest to the highest of points that one stands for. */
  ranges: string;
  /** What was found at first of points that were judged again. */
  firsts: string;
  /** Places of the points that have a value; `index` is theirs in the chart. */
  places: { x: number; y: number; index: number; isProvisional: boolean }[];
  last: { x: number; y: number; index: number; text: string } | undefined;
  strip: { y: number; height: number; spans: { x: number; width: number; verdict: ChartVerdict }[] };
  pages: { x: number; y: number; count: number }[];
  flags: Flag[];
  labels: Label[];
  valueTicks: { y: number; text: string }[];
  timeTicks: { x: number; y: number; text: string }[];
};

const stripHeight = 6;
const round = (value: number): number => Math.round(value * 10) / 10;

/**
 * Everything that a scale has to hold: values with their intervals, the baseline and both bounds
 * always.
 */
function reach(points: readonly ChartPoint[]): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { value, interval, of, baseline, warn, critical, first } of points)
    for (const one of [value, interval?.low, interval?.high, of?.low, of?.high, baseline, warn, critical, first]) {
      if (one === undefined || !Number.isFinite(one)) continue;
      low = Math.min(low, one);
      high = Math.max(high, one);
    }
  if (low > high) return { low: 0, high: 1 };
  // A constant series gets some room as well.
  const room = high === low ? Math.max(Math.abs(high) * 0.1, 1e-9) : (high - low) * 0.06;
  return { low: low - room, high: high + room };
}

export function layoutOf(chart: Chart, { width, plotHeight, bare = false, timeText = utcTick }: Sheet): Layout {
  const { from, to, marks } = chart;
  const points = chart.points.filter(({ at }) => at >= from && at <= to);
  const side = sideOf(points);
  const { low, high } = reach(points);
  const isNarrow = width < 560;
  const [left, margin] = bare ? [0, 0] : [isNarrow ? 38 : 44, isNarrow ? 16 : 92];
  const right = Math.max(left + 1, width - margin);
  const x = (at: number): number =>
    round(left + ((right - left) * (Math.min(to, Math.max(from, at)) - from)) / Math.max(1, to - from));
  const shown = marks.filter(({ at }) => at >= from && at <= to);
  const flags = bare ? [] : flagsOf(shown, { x, left, right });
  const top = bare ? 2 : 14 + levelHeight * (flags.length === 0 ? 0 : 1 + Math.max(...flags.map(({ level }) => level)));
  const bottom = top + plotHeight;
  const y = (value: number): number => round(top + (plotHeight * (high - value)) / (high - low));
  const valued = points.filter(({ value }) => value !== undefined);
  const cut: Cut = { x, y, longest: longestStep(valued), coarse: longestStep(valued.filter(({ of }) => of !== undefined)) };
  const indexOf = new Map(chart.points.map((point, index) => [point, index]));
  const places = points.flatMap((point) =>
    point.value === undefined
      ? []
      : [
          {
            x: x(point.at),
            y: y(point.value),
            index: indexOf.get(point) ?? 0,
            isProvisional: point.provisional !== undefined,
          },
        ],
  );
  const end = places.at(-1);
  const stripTop = bottom + (bare ? 2 : 4);
  const below = stripTop + stripHeight;
  const sheet = { left, right, top, bottom };
  return {
    ...{ width, height: bare ? below : below + 18, plot: sheet, side },
    fields: bandOf(points, { cut, side, ...sheet }),
    gaps: gapsOf(points, cut, { from, to }),
    interval: intervalOf(points, cut),
    baseline: stepsOf(points, 'baseline', cut, right),
    bounds: (['warn', 'critical'] as const).flatMap((severity) => {
      const d = stepsOf(points, severity, cut, right);
      return d === '' ? [] : [{ severity, d }];
    }),
    ...linesOf(points, cut),
    places,
    last: end === undefined ? undefined : { ...end, text: valueText(chart.points[end.index]?.value ?? 0) },
    strip: { y: stripTop, height: stripHeight, spans: spansOf(points, cut, to) },
    pages: bare ? [] : pagesOf(shown, x, bottom),
    flags,
    labels: bare ? [] : labelsOf(points, y, sheet, { isPinned: chart.isPinned, isInside: isNarrow }),
    valueTicks: bare ? [] : valueTicks(low, high, plotHeight / 45).map(({ value, text }) => ({ y: y(value), text })),
    timeTicks: bare
      ? []
      : timeTicks(from, to, (right - left) / (isNarrow ? 70 : 84)).map((tick) => ({
          x: x(tick.at),
          y: below + 14,
          text: timeText(tick),
        })),
  };
}

/** Three significant digits are what a mark has room for. */
export const valueText = (value: number): string => {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return value.toExponential(1).replace('-', '−');
  const text = size >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  return text.replace('-', '−');
};

/** Between points that are too far apart, and where nothing was judged. */
function gapsOf(points: readonly ChartPoint[], cut: Cut, { from, to }: Pick<Chart, 'from' | 'to'>): Layout['gaps'] {
  const { x, longest } = cut;
  const valued = points.filter(({ value }) => value !== undefined);
  const gaps: Layout['gaps'] = [];
  const add = (start: number, end: number): void => {
    const wide = round(x(end) - x(start));
    if (wide >= 2) gaps.push({ x: x(start), width: wide });
  };
  for (const [place, point] of valued.entries()) {
    const before = valued[place - 1];
    if (before !== undefined && point.at - before.at > reachOf(before, point, cut)) add(before.at, point.at);
  }
  const [first, last] = [valued[0], valued.at(-1)];
  if (first === undefined || last === undefined) {
    if (points.length > 0) add(from, to);
    return gaps;
  }
  if (longest > 0 && to - last.at > reachOf(last, undefined, cut)) add(last.at, to);
  return gaps;
}

/**
 * Each verdict holds until the next one, but not over a gap. Neighbours of one verdict are one
 * span.
 */
function spansOf(points: readonly ChartPoint[], cut: Cut, to: number): Layout['strip']['spans'] {
  const spans: { from: number; to: number; verdict: ChartVerdict }[] = [];
  const { x, longest } = cut;
  for (const [place, point] of points.entries()) {
    const { at, verdict } = point;
    const next = points[place + 1]?.at ?? to;
    const far = reachOf(point, points[place + 1], cut);
    const until = longest > 0 && next - at > far ? at + far / 3 : next;
    const last = spans.at(-1);
    if (last?.to === at && last.verdict === verdict) last.to = until;
    else spans.push({ from: at, to: until, verdict });
  }
  return spans.map((span) => ({
    x: x(span.from),
    width: round(Math.max(1.5, x(span.to) - x(span.from))),
    verdict: span.verdict,
  }));
}

/** Pages that would cover each other are one bell with a count. */
function pagesOf(marks: Chart['marks'], x: (at: number) => number, bottom: number): Layout['pages'] {
  const pages: Layout['pages'] = [];
  for (const { at, kind } of marks) {
    if (kind !== 'page') continue;
    const last = pages.at(-1);
    if (last !== undefined && x(at) - last.x < 9) last.count += 1;
    else pages.push({ x: x(at), y: bottom - 4, count: 1 });
  }
  return pages;
}
