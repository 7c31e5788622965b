import { type Sample, weightedSample } from '../../statistics/distributions/sample.ts';
import type { Refused } from '../../statistics/refused.ts';

/**
 * Counts of numbers in bins whose bounds grow by a constant factor, so that every quantile has a
 * bounded relative error: 1 % at `level` 0, `relativeError` after bins were joined. Plain JSON, at
 * most `mostBins` bins.
 *
 * If more bins are needed, all neighbours are joined in pairs, which squares the factor. The level
 * depends only on the numbers, not on how they were split, so merged parts equal the sketch of the
 * whole. Sources: C. Masson, J. E. Rim, H. K. Lee, DDSketch, PVLDB 12 (2019) 2195-2205; I. Epicoco
 * et al., UDDSketch: accurate tracking of quantiles in data streams, IEEE Access 8 (2020)
 * 147604-147617 for joining all bins rather than the lowest.
 */
export type Sketch = {
  level: number;
  /** Numbers closer to 0 than 1e-300. */
  zero: number;
  /**
   * Bins of positive and negative numbers by size: bin, count, bin, count ..., ascending. Bin k
   * holds sizes up to factor^k.
   */
  positive: number[];
  negative: number[];
};

export const mostBins = 512;

const error0 = 0.01;
const logFactor0 = Math.log((1 + error0) / (1 - error0));
const smallest = 1e-300;
const largest = 1e300;

type Bins = Map<number, number>;
type Open = { level: number; zero: number; positive: Bins; negative: Bins };

/** Finite numbers only. Sizes beyond 1e300 count as 1e300. */
export function sketchOf(values: readonly number[]): Sketch {
  const open: Open = { level: 0, zero: 0, positive: new Map(), negative: new Map() };
  for (const value of values) {
    const size = Math.min(largest, Math.abs(value));
    if (size < smallest) open.zero += 1;
    else count(value > 0 ? open.positive : open.negative, Math.ceil(Math.log(size) / logFactor0), 1);
  }
  return closed(open);
}

export function mergeSketches(a: Sketch, b: Sketch): Sketch {
  const level = Math.max(a.level, b.level);
  const open: Open = { level, zero: a.zero + b.zero, positive: new Map(), negative: new Map() };
  for (const sketch of [a, b]) {
    for (const sign of ['positive', 'negative'] as const) {
      const bins = sketch[sign];
      for (let i = 0; i < bins.length; i += 2)
        count(open[sign], atLevel(bins[i] as number, level - sketch.level), bins[i + 1] as number);
    }
  }
  return closed(open);
}

/** The largest relative error of a quantile. */
export const relativeError = ({ level }: { level: number }): number => Math.tanh((logFactor0 * 2 ** level) / 2);

/**
 * Both sketches as samples with equal bins, so that equal numbers compare equal. Refused if one is
 * empty.
 */
export function alignedSamples(a: Sketch, b: Sketch): { baseline: Sample | Refused; current: Sample | Refused } {
  const level = Math.max(a.level, b.level);
  return { baseline: sampleOfSketch(a, level), current: sampleOfSketch(b, level) };
}

/** Each bin as its relative midpoint: no number in it is further away than the relative error. */
export function sampleOfSketch(sketch: Sketch, level = sketch.level): Sample | Refused {
  const { positive, negative } = mergeSketches(sketch, { level, zero: 0, positive: [], negative: [] });
  const values: number[] = [];
  const counts: number[] = [];
  for (let i = negative.length - 2; i >= 0; i -= 2) {
    values.push(-middleOf(negative[i] as number, level));
    counts.push(negative[i + 1] as number);
  }
  if (sketch.zero > 0) {
    values.push(0);
    counts.push(sketch.zero);
  }
  for (let i = 0; i < positive.length; i += 2) {
    values.push(middleOf(positive[i] as number, level));
    counts.push(positive[i + 1] as number);
  }
  return weightedSample(values, counts, `sketch within ${(100 * relativeError({ level })).toPrecision(2)} %`);
}

function middleOf(bin: number, level: number): number {
  const log = logFactor0 * 2 ** level;
  return (Math.exp(bin * log - Math.LN2) / (1 + Math.exp(log))) * 4;
}

function count(bins: Bins, bin: number, by: number): void {
  bins.set(bin, (bins.get(bin) ?? 0) + by);
}

/** The bin that a bin joins after this many rounds of joining. + 0 turns -0 into 0. */
const atLevel = (bin: number, times: number): number => Math.ceil(bin / 2 ** times) + 0;

function closed(open: Open): Sketch {
  let { level, positive, negative } = open;
  while (positive.size + negative.size > mostBins) {
    level += 1;
    positive = joined(positive);
    negative = joined(negative);
  }
  return { level, zero: open.zero, positive: flat(positive), negative: flat(negative) };
}

function joined(bins: Bins): Bins {
  const half: Bins = new Map();
  for (const [bin, times] of bins) count(half, atLevel(bin, 1), times);
  return half;
}

const flat = (bins: Bins): number[] => [...bins].sort(([a], [b]) => a - b).flat();
