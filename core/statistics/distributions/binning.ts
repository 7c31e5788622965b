import { type Refused, refused } from '../refused.ts';
import type { Sample } from './sample.ts';
import { quantileOf } from './spread.ts';

/**
 * Intervals of a numeric feature: bin i holds the values above edge i - 1 and at most edge i; the
 * outer bins are open.
 */
export type Binning = { name: string; edges: Float64Array };

/** How many values fell into each bin. Counts of one binning merge by `mergeBinned`. */
export type Binned = { ok: true; binning: Binning; counts: Float64Array };

/** More bins than this show noise, not drift. */
const mostBins = 1000;

/**
 * Bins with about equal counts of the baseline, so that few baseline bins are empty. A value
 * frequent enough to fill a bin (a constant, a default) gets a bin of its own, so there may be up
 * to 2 `bins` + 1 of them. The outer bins are open. Throws RangeError when `bins` is not a whole
 * number from 2 to 1000.
 */
export function quantileBinning(baseline: Sample, bins = 10): Binning {
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= mostBins)) {
    throw new RangeError(`expected 2 to ${mostBins} bins; received ${bins}`);
  }
  const edges: number[] = [];
  const add = (edge: number): void => {
    const last = edges.at(-1);
    if (last === undefined || edge > last) edges.push(edge);
  };
  for (let i = 1; i < bins; i += 1) {
    const edge = quantileOf(baseline, i / bins);
    const atEdge = countUpTo(baseline, edge) - countUpTo(baseline, nextBelow(edge));
    if (atEdge > 1 && atEdge * bins >= baseline.count) add(nextBelow(edge));
    add(edge);
  }
  return named(`${bins} quantiles`, Float64Array.from(edges));
}

/**
 * Bins with given edges; an edge belongs to the bin below it. Throws RangeError unless the edges
 * are finite, strictly ascending, and at most 999.
 */
export function edgeBinning(edges: readonly number[]): Binning {
  const sound = edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > (edges[i - 1] as number)));
  if (!sound || edges.length === 0 || edges.length >= mostBins) {
    throw new RangeError(`expected 1 to ${mostBins - 1} finite ascending edges; received ${edges.slice(0, 20).join(', ')}`);
  }
  return named(`${edges.length + 1} declared bins`, Float64Array.from(edges));
}

/** Counts the values of a sample in every bin. */
export function binned(sample: Sample, binning: Binning): Binned {
  const counts = new Float64Array(binning.edges.length + 1);
  let below = 0;
  for (let i = 0; i < binning.edges.length; i += 1) {
    const upTo = countUpTo(sample, binning.edges[i] as number);
    counts[i] = upTo - below;
    below = upTo;
  }
  counts[binning.edges.length] = sample.count - below;
  return { ok: true, binning, counts };
}

/** The counts of both together. Refused when the edges differ. */
export function mergeBinned(a: Binned, b: Binned): Binned | Refused {
  if (!sameBinning(a.binning, b.binning)) return refused(differentBins(a.binning, b.binning));
  return { ok: true, binning: a.binning, counts: a.counts.map((count, i) => count + (b.counts[i] as number)) };
}

export function sameBinning(a: Binning, b: Binning): boolean {
  if (a === b) return true;
  return a.edges.length === b.edges.length && a.edges.every((edge, i) => edge === b.edges[i]);
}

export function differentBins(a: Binning, b: Binning): string {
  return `counts of different bins: ${a.name} and ${b.name}; use one binning for both`;
}

/** The name of a bin for people: `above 3 up to 5`. */
export function binName({ edges }: Binning, bin: number): string {
  const low = edges[bin - 1];
  const high = edges[bin];
  if (low === undefined) return high === undefined ? 'all' : `up to ${high}`;
  if (high === undefined) return `above ${low}`;
  return nextBelow(high) === low ? `exactly ${high}` : `above ${low} up to ${high}`;
}

/** The bin of a value: the first whose edge is not below it. */
export function binAt(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countUpTo({ values, counts }: Sample, edge: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= edge) low = middle + 1;
    else high = middle;
  }
  if (counts === undefined) return low;
  let sum = 0;
  for (let i = 0; i < low; i += 1) sum += counts[i] as number;
  return sum;
}

const one = new Float64Array(1);
const word = new BigInt64Array(one.buffer);

/** The next lower double. */
function nextBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  one[0] = value;
  word[0] = (word[0] as bigint) + (value > 0 ? -1n : 1n);
  return one[0];
}

/** A name that is unique per set of edges: the words plus a 32-bit FNV-1a hash. */
function named(words: string, edges: Float64Array): Binning {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(edges.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
  return { name: `${words} #${(hash >>> 0).toString(16).padStart(8, '0')}`, edges };
}
