import { edgeBinning } from '../../statistics/distributions/binning.ts';
import type { Sample } from '../../statistics/distributions/sample.ts';
import { quantileOf } from '../../statistics/distributions/spread.ts';
import { binnedSketch, sampleOfSketch } from './aligned-samples.ts';
import type { CategoryCounts } from './category-counts.ts';
import type { Shape } from './shape.ts';
import type { Sketch } from './sketch.ts';

/**
 * Counts of numbers: `counts[i]` of those above `edges[i]` up to `edges[i + 1]`, the first with its
 * edge; `below` and `above` lie outside all of them.
 */
export type PictureBins = { edges: number[]; counts: number[]; below: number; above: number };

/**
 * Two distributions to be drawn over each other. `apart`: their numbers share no range, so each has
 * bins of its own and the axis is broken; otherwise the bins are the same. A side without values,
 * or of another kind, is left out.
 */
export type Picture =
  | { kind: 'numbers'; apart: boolean; baseline?: PictureBins; current?: PictureBins }
  | { kind: 'categories'; rows: CategoryRow[]; others: { baseline: number; current: number } };

export type CategoryRow = { name: string; baseline: number; current: number };

/** About so many bins where both share them, and for each where they do not. */
const sharedBins = 24;
const ownBins = 12;
/** Whole numbers have a bin each while there are so few. */
const mostWhole = 40;
const mostRows = 12;
/** A range that holds all but this share counts where few numbers lie far out. */
const tail = 0.01;
/** A tail is cut off where the rest would fill less than this part of the drawing. */
const leastFilled = 1 / 3;
/** On a common axis the narrower one would fill less than this part. */
const leastOfBoth = 1 / 10;

/** At least one of both. */
export function pictureOf(baseline: Shape | undefined, current: Shape | undefined): Picture | undefined {
  const kind = current?.kind ?? baseline?.kind;
  if (kind === undefined) return undefined;
  if (kind === 'categories') return categoriesPicture(categoriesIn(baseline), categoriesIn(current));
  return numbersPicture(sketchIn(baseline), sketchIn(current));
}

const categoriesIn = (shape: Shape | undefined): CategoryCounts | undefined =>
  shape?.kind === 'categories' ? shape.categories : undefined;
const sketchIn = (shape: Shape | undefined): Sketch | undefined => (shape?.kind === 'numbers' ? shape.sketch : undefined);

type Reach = { low: number; high: number; innerLow: number; innerHigh: number; isWhole: boolean };

function reachOf(sample: Sample): Reach {
  const { values } = sample;
  return {
    low: values[0] as number,
    high: values[values.length - 1] as number,
    innerLow: quantileOf(sample, tail),
    innerHigh: quantileOf(sample, 1 - tail),
    isWhole: values.length <= mostWhole && values.every((value) => Number.isInteger(value) && Math.abs(value) < 1e12),
  };
}

function numbersPicture(baseline: Sketch | undefined, current: Sketch | undefined): Picture {
  const sides = { baseline: readOf(baseline), current: readOf(current) };
  const known = Object.values(sides).flatMap((side) => side ?? []);
  const apart =
    sides.baseline !== undefined && sides.current !== undefined && areApart(sides.baseline.reach, sides.current.reach);
  const shared = apart
    ? undefined
    : edgesOf(
        known.map(({ reach }) => reach),
        sharedBins,
      );
  const binsOf = ({ sketch, reach }: Read): PictureBins => countedIn(sketch, shared ?? edgesOf([reach], ownBins));
  return {
    kind: 'numbers',
    apart,
    ...(sides.baseline !== undefined && { baseline: binsOf(sides.baseline) }),
    ...(sides.current !== undefined && { current: binsOf(sides.current) }),
  };
}

type Read = { sketch: Sketch; reach: Reach };

function readOf(sketch: Sketch | undefined): Read | undefined {
  if (sketch === undefined) return undefined;
  const sample = sampleOfSketch(sketch);
  return sample.ok ? { sketch, reach: reachOf(sample) } : undefined;
}

function areApart(a: Reach, b: Reach): boolean {
  if (a.innerLow <= b.innerHigh && b.innerLow <= a.innerHigh) return false;
  const all = Math.max(a.innerHigh, b.innerHigh) - Math.min(a.innerLow, b.innerLow);
  return Math.min(a.innerHigh - a.innerLow, b.innerHigh - b.innerLow) < leastOfBoth * all;
}

/** Round edges over what the sides reach, without far tails. */
function edgesOf(reaches: readonly Reach[], bins: number): number[] {
  const whole = {
    low: Math.min(...reaches.map(({ low }) => low)),
    high: Math.max(...reaches.map(({ high }) => high)),
  };
  const inner = {
    low: Math.min(...reaches.map(({ innerLow }) => innerLow)),
    high: Math.max(...reaches.map(({ innerHigh }) => innerHigh)),
  };
  const isTailed = inner.high > inner.low && inner.high - inner.low < leastFilled * (whole.high - whole.low);
  const { low, high } = isTailed ? inner : whole;
  const room = high - low;
  if (reaches.every(({ isWhole }) => isWhole) && room < mostWhole)
    return Array.from({ length: Math.floor(room) + 2 }, (_, i) => Math.floor(low) + i - 0.5);
  if (room === 0) return aroundOne(low);
  const rough = room / bins;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  const edges = Array.from({ length: Math.min(2 * bins, last - first) + 1 }, (_, i) => rounded((first + i) * step));
  const isSound =
    Number.isFinite(step) && edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > (edges[i - 1] as number)));
  // Numbers of the size of a double's limits have no round numbers between them.
  return isSound && edges.length >= 2 && (edges.at(-1) as number) >= high ? edges : [low, high];
}

const aroundOne = (value: number): number[] => {
  const half = Math.abs(value) / 100 || 0.5;
  return [rounded(value - half), rounded(value + half)];
};

/** What is computed from numbers of the size of a double's limits stays finite. */
const rounded = (value: number): number => Number(Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value)).toPrecision(12));

function countedIn(sketch: Sketch, edges: readonly number[]): PictureBins {
  const { counts } = binnedSketch(sketch, edgeBinning(edges));
  const [first = 0, ...rest] = counts;
  const above = rest.pop() ?? 0;
  // What equals the first edge belongs to the first bin.
  const sample = sampleOfSketch(sketch);
  const atFirst = sample.ok ? equalTo(sample, edges[0] as number) : 0;
  const below = Math.max(0, first - atFirst);
  return { edges: [...edges], counts: [(rest[0] ?? 0) + first - below, ...rest.slice(1)], below, above };
}

function equalTo(sample: Sample, value: number): number {
  const place = sample.values.indexOf(value);
  return place < 0 ? 0 : (sample.counts?.[place] ?? 1);
}

/** The categories that are most, of both together, and how many values others have. */
function categoriesPicture(baseline: CategoryCounts | undefined, current: CategoryCounts | undefined): Picture {
  const rows = new Map<string, CategoryRow>();
  for (const [side, counts] of [['baseline', baseline] as const, ['current', current] as const]) {
    for (const [name, count] of counts?.names ?? []) {
      const row = rows.get(name) ?? { name, baseline: 0, current: 0 };
      row[side] = count;
      rows.set(name, row);
    }
  }
  const totals = { baseline: totalOf(baseline), current: totalOf(current) };
  const sizeOf = (row: CategoryRow): number => row.baseline / (totals.baseline || 1) + row.current / (totals.current || 1);
  const sorted = [...rows.values()].sort((a, b) => sizeOf(b) - sizeOf(a) || (a.name < b.name ? -1 : 1));
  const shown = sorted.slice(0, sorted.length === mostRows + 1 ? mostRows + 1 : mostRows);
  const shownOf = (side: 'baseline' | 'current'): number => shown.reduce((sum, row) => sum + row[side], 0);
  return {
    kind: 'categories',
    rows: shown,
    others: { baseline: totals.baseline - shownOf('baseline'), current: totals.current - shownOf('current') },
  };
}

const totalOf = (counts: CategoryCounts | undefined): number =>
  (counts?.names.reduce((sum, [, count]) => sum + count, 0) ?? 0) + (counts?.rest?.reduce((sum, count) => sum + count, 0) ?? 0);
