import { type Binned, type Binning, binAt } from '../../statistics/distributions/binning.ts';
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

/**
 * Counts the numbers of a sketch in every bin, as those of a sample that is cut at the edges would
 * be, without making one.
 */
export function binnedSketch(sketch: Sketch, binning: Binning): Binned {
  const { edges } = binning;
  const { size, from, to, counts } = rangesOf(nodesOf(sketch));
  const bins = new Float64Array(edges.length + 1);
  for (let i = 0; i < size; i += 1) {
    const low = from[i] as number;
    const high = to[i] as number;
    const count = counts[i] as number;
    let bin = binAt(edges, low);
    let put = 0;
    for (; bin < edges.length && (edges[bin] as number) < high; bin += 1) {
      const below = Math.round(count * shareBelow(edges[bin] as number, low, high));
      bins[bin] = (bins[bin] as number) + below - put;
      put = below;
    }
    bins[bin] = (bins[bin] as number) + count - put;
  }
  return { ok: true, binning, counts: bins };
}

/**
 * Bins end at the smallest and the largest number, which a sketch keeps. Those below 0 come first,
 * so that most are in ascending order.
 */
function rangesOf({ size, values, levels, counts: inOrder }: Nodes): Ranges {
  const from = new Float64Array(size);
  const to = new Float64Array(size);
  const counts = new Float64Array(size);
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let above = 0;
  for (let i = 0; i < size; i += 1) {
    const value = values[i] as number;
    if (value >= 0) above = i + 1;
    if (levels[i] !== 0) continue;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  for (let i = 0; i < size; i += 1) {
    const put = i < above ? size - above + i : size - 1 - i;
    const near = inside(values[i] as number, least, largest);
    const far = levels[i] === 0 ? near : inside(farEnd(values[i] as number, levels[i] as number), least, largest);
    from[put] = Math.min(near, far);
    to[put] = Math.max(near, far);
    counts[put] = inOrder[i] as number;
  }
  return { size, from, to, counts };
}

/** Adding 0 turns -0 into 0. */
const inside = (value: number, least: number, largest: number): number => Math.min(largest, Math.max(least, value)) + 0;

/** Every end of a bin, and every edge, once, ascending. */
function cutsOf(all: readonly Ranges[], edges: Float64Array = new Float64Array(0)): Float64Array {
  const ends = new Float64Array(all.reduce((sum, { size }) => sum + 2 * size, edges.length));
  ends.set(edges);
  let size = edges.length;
  for (const { size: own, from, to } of all) {
    for (let i = 0; i < own; i += 1) {
      // Most bins begin where the one before ended.
      if (size === 0 || ends[size - 1] !== from[i]) {
        ends[size] = from[i] as number;
        size += 1;
      }
      if (from[i] === to[i]) continue;
      ends[size] = to[i] as number;
      size += 1;
    }
  }
  const sorted = sortAscending(ends.subarray(0, size));
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
  let cut = 0;
  for (let i = 0; i < size; i += 1) {
    const low = from[i] as number;
    const high = to[i] as number;
    const count = counts[i] as number;
    if (cuts[cut] !== low) cut = binAt(cuts, low);
    if (low === high) at[cut] = (at[cut] as number) + count;
    // Rounds what lies below each cut, so that whole numbers add up to the count.
    for (let put = 0; low < high && put < count; cut += 1) {
      const below = Math.round(count * shareBelow(cuts[cut + 1] as number, low, high));
      after[cut] = (after[cut] as number) + below - put;
      put = below;
    }
  }
  const values = new Float64Array(2 * cuts.length);
  const weights = new Float64Array(2 * cuts.length);
  let last = -1;
  for (let i = 0; i < 2 * cuts.length; i += 1) {
    const here = i >> 1;
    const isAfter = i % 2 === 1;
    const weight = (isAfter ? after[here] : at[here]) as number;
    if (weight === 0) continue;
    const value = isAfter ? between(cuts[here] as number, cuts[here + 1] as number) : (cuts[here] as number);
    if (last < 0 || value > (values[last] as number)) {
      last += 1;
      values[last] = value;
    }
    weights[last] = (weights[last] as number) + weight;
  }
  return weightedSample(values.subarray(0, last + 1), weights.subarray(0, last + 1), origin);
}

/** Halves first, so that differences of huge numbers do not overflow. */
const shareBelow = (cut: number, low: number, high: number): number =>
  cut >= high ? 1 : (cut / 2 - low / 2) / (high / 2 - low / 2);

/**
 * The middle. There is no double between two neighbours, and what lies after a cut does not count
 * up to it.
 */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle > low ? middle : high;
}
