import { type Sample, weightedSample } from '../../statistics/distributions/sample.ts';
import type { Refused } from '../../statistics/refused.ts';
import { sortAscending } from '../../statistics/sort.ts';
import { farEnd, type Nodes } from './double-tree.ts';
import { mostBins, nodesOf, type Sketch } from './sketch.ts';

/** Does not tell how wide the bins are, so that comparisons of one feature go by one name. */
const origin = `a sketch of ${mostBins} bins`;

/** Where the numbers of each bin lie, `from` and `to` alike for a single number. */
type Ranges = { size: number; from: Float64Array; to: Float64Array; counts: Float64Array };

/**
 * Both sketches as samples over the same pieces, so that equal numbers compare equal: each bin is
 * cut wherever a bin of either sketch begins or ends, and at `edges`; its numbers are taken to lie
 * evenly in it. Refused if one is empty.
 */
export function alignedSamples(
  a: Sketch,
  b: Sketch,
  edges: Float64Array = new Float64Array(0),
): { baseline: Sample | Refused; current: Sample | Refused } {
  const [was, is] = [rangesOf(nodesOf(a)), rangesOf(nodesOf(b))];
  const cuts = cutsOf([was, is], edges);
  return { baseline: sampleAt(cuts, was), current: sampleAt(cuts, is) };
}

export function sampleOfSketch(sketch: Sketch): Sample | Refused {
  const ranges = rangesOf(nodesOf(sketch));
  return sampleAt(cutsOf([ranges]), ranges);
}

/** Bins end at the smallest and the largest number, which a sketch keeps. */
function rangesOf({ size, values, levels, counts }: Nodes): Ranges {
  const from = new Float64Array(size);
  const to = new Float64Array(size);
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i += 1) {
    if (levels[i] !== 0) continue;
    least = Math.min(least, values[i] as number);
    largest = Math.max(largest, values[i] as number);
  }
  const inside = (value: number): number => Math.min(largest, Math.max(least, value)) + 0;
  for (let i = 0; i < size; i += 1) {
    const near = values[i] as number;
    const far = levels[i] === 0 ? near : farEnd(near, levels[i] as number);
    from[i] = inside(Math.min(near, far));
    to[i] = inside(Math.max(near, far));
  }
  return { size, from, to, counts };
}

/** Every end of a bin, and every edge, once, ascending. */
function cutsOf(all: readonly Ranges[], edges: Float64Array = new Float64Array(0)): Float64Array {
  const ends = new Float64Array(all.reduce((sum, { size }) => sum + 2 * size, edges.length));
  ends.set(edges);
  let size = edges.length;
  for (const { size: own, from, to } of all) {
    for (let i = 0; i < own; i += 1) {
      ends[size] = from[i] as number;
      size += 1;
      if (from[i] === to[i]) continue;
      ends[size] = to[i] as number;
      size += 1;
    }
  }
  const sorted = sortAscending(ends.slice(0, size));
  let kept = 0;
  for (let i = 0; i < size; i += 1) {
    if (i > 0 && sorted[i] === sorted[kept - 1]) continue;
    sorted[kept] = sorted[i] as number;
    kept += 1;
  }
  return sorted.subarray(0, kept);
}

/** The counts at each cut, and between it and the next. */
function sampleAt(cuts: Float64Array, { size, from, to, counts }: Ranges): Sample | Refused {
  const at = new Float64Array(cuts.length);
  const after = new Float64Array(cuts.length);
  for (let i = 0; i < size; i += 1) {
    const low = from[i] as number;
    const high = to[i] as number;
    const count = counts[i] as number;
    let cut = placeOf(cuts, low);
    if (low === high) at[cut] = (at[cut] as number) + count;
    // Rounds what lies below each cut, so that whole numbers add up to the count.
    for (let put = 0; low < high && put < count; cut += 1) {
      const below = Math.round(count * shareBelow(cuts[cut + 1] as number, low, high));
      after[cut] = (after[cut] as number) + below - put;
      put = below;
    }
  }
  const values: number[] = [];
  const weights: number[] = [];
  const add = (value: number, count: number): void => {
    if (count === 0) return;
    const last = values.length - 1;
    // There is no double between two neighbours.
    if (last >= 0 && value <= (values[last] as number)) weights[last] = (weights[last] as number) + count;
    else {
      values.push(value);
      weights.push(count);
    }
  };
  for (let i = 0; i < cuts.length; i += 1) {
    add(cuts[i] as number, at[i] as number);
    add((cuts[i] as number) / 2 + (cuts[i + 1] ?? Number.NaN) / 2, after[i] as number);
  }
  return weightedSample(values, weights, origin);
}

/** Halves first, so that differences of huge numbers do not overflow. */
const shareBelow = (cut: number, low: number, high: number): number =>
  cut >= high ? 1 : (cut / 2 - low / 2) / (high / 2 - low / 2);

function placeOf(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
