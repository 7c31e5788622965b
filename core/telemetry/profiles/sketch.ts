import { sortAscending } from '../../statistics/sort.ts';
import { append, mergedNodes, middleOf, type Nodes, roomFor } from './double-tree.ts';
import { joinHalves } from './join-halves.ts';

/**
 * How many numbers are where, in bins that follow their spread: many numbers close together lie in
 * narrow bins, wherever they lie. Plain JSON.
 *
 * Up to `mostBins` different numbers are kept as they are. Of more, neighbours are joined into
 * bins of at most about 1 in 180 of all; the smallest and the largest number are always kept. Bins
 * are nodes of the tree of doubles, so two bins of any two sketches are either apart or one inside
 * the other. Merging only adds up counts and joins again, in whatever order: see
 * docs/adr/0052-bins-follow-the-spread.md for how exact that is.
 */
export type Sketch = {
  /**
   * Number, level, count, number, level, count ... in the order of the tree of doubles. The bin is
   * the node of that level that holds the number; of level 0, the number itself.
   */
  bins: number[];
};

export const mostBins = 400;

/**
 * Bins are not joined beyond a 16th of an octave, 4 to 6 % of a number's size, while they are few
 * enough: the tail of a heavy-tailed feature weighs much in distances.
 */
const widestAtFirst = 48;
const widestOfAll = 63;

/** A bin may hold this many times its share. More at first leaves room for later numbers. */
const sharesAtFirst = 1.5;
const sharesAtLast = 2;

/** Finite numbers only. */
export function sketchOf(values: readonly number[]): Sketch {
  const sorted = new Float64Array(values.length);
  // Adding 0 turns -0 into 0.
  for (let i = 0; i < sorted.length; i += 1) sorted[i] = (values[i] as number) + 0;
  sortAscending(sorted);
  const nodes = roomFor(sorted.length);
  let negative = 0;
  while (negative < sorted.length && (sorted[negative] as number) < 0) negative += 1;
  for (let i = negative; i < sorted.length; i += 1) addNumber(nodes, sorted[i] as number);
  for (let i = negative - 1; i >= 0; i -= 1) addNumber(nodes, sorted[i] as number);
  return bounded(nodes);
}

export const mergeSketches = (a: Sketch, b: Sketch): Sketch => mergedSketch([a, b]);

/**
 * As many are merged before neighbours are joined, which bounds the memory of it to some megabytes.
 */
const mostAtOnce = 64;

/**
 * The sketch of all together; at least one. Faster than pair by pair, and closer: neighbours are
 * joined once.
 */
export function mergedSketch(all: readonly Sketch[]): Sketch {
  if (all.length === 1) return all[0] as Sketch;
  if (all.length <= mostAtOnce) return bounded(nodesOfAll(all, 0, all.length));
  const parts = Array.from({ length: Math.ceil(all.length / mostAtOnce) }, (_, i) =>
    mergedSketch(all.slice(i * mostAtOnce, (i + 1) * mostAtOnce)),
  );
  return mergedSketch(parts);
}

function nodesOfAll(all: readonly Sketch[], from: number, to: number): Nodes {
  if (to - from === 1) return nodesOf(all[from] as Sketch);
  const middle = (from + to) >>> 1;
  return mergedNodes(nodesOfAll(all, from, middle), nodesOfAll(all, middle, to));
}

export function nodesOf({ bins }: Sketch): Nodes {
  const nodes = roomFor(bins.length / 3);
  for (let i = 0; i < bins.length; i += 3) append(nodes, bins[i] as number, bins[i + 1] as number, bins[i + 2] as number);
  return nodes;
}

function addNumber(nodes: Nodes, value: number): void {
  const last = nodes.size - 1;
  if (last >= 0 && nodes.values[last] === value) nodes.counts[last] = (nodes.counts[last] as number) + 1;
  else append(nodes, value, 0, 1);
}

function bounded(nodes: Nodes): Sketch {
  if (nodes.size <= mostBins) return written(nodes);
  let total = 0;
  let widest = widestAtFirst;
  for (let i = 0; i < nodes.size; i += 1) {
    total += nodes.counts[i] as number;
    widest = Math.max(widest, nodes.levels[i] as number);
  }
  const { ends, inner } = withoutEnds(nodes);
  let most = Math.ceil((sharesAtFirst * total) / mostBins);
  let isBackwards = false;
  while (inner.size > mostBins - 2) {
    joinHalves(inner, most, widest);
    isBackwards = !isBackwards;
    if (most * mostBins < sharesAtLast * total || widest === widestOfAll) most = Math.ceil(1.5 * most);
    else widest += 1;
  }
  if (isBackwards) reverse(inner);
  return written(mergedNodes(inner, ends));
}

/** The smallest and the largest number, which are never joined, and all others. */
function withoutEnds(nodes: Nodes): { ends: Nodes; inner: Nodes } {
  let least = -1;
  let largest = -1;
  for (let i = 0; i < nodes.size; i += 1) {
    if (nodes.levels[i] !== 0) continue;
    if (least < 0 || (nodes.values[i] as number) < (nodes.values[least] as number)) least = i;
    if (largest < 0 || (nodes.values[i] as number) > (nodes.values[largest] as number)) largest = i;
  }
  const ends = roomFor(2);
  const inner = roomFor(nodes.size);
  for (let i = 0; i < nodes.size; i += 1) {
    const to = i === least || i === largest ? ends : inner;
    append(to, nodes.values[i] as number, nodes.levels[i] as number, nodes.counts[i] as number);
  }
  return { ends, inner };
}

function reverse({ size, values, levels, counts }: Nodes): void {
  values.subarray(0, size).reverse();
  levels.subarray(0, size).reverse();
  counts.subarray(0, size).reverse();
}

function written(nodes: Nodes): Sketch {
  const bins = new Array<number>(3 * nodes.size);
  for (let i = 0; i < nodes.size; i += 1) {
    const value = nodes.values[i] as number;
    const level = nodes.levels[i] as number;
    bins[3 * i] = level === 0 ? value : shortest(value, level);
    bins[3 * i + 1] = level;
    bins[3 * i + 2] = nodes.counts[i] as number;
  }
  return { bins };
}

const powersOf10 = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** The middle of a bin, with as few digits as still tell it from other bins. */
function shortest(value: number, level: number): number {
  const middle = middleOf(value, level);
  if (level < 4 || level > 52) return middle;
  // At most half of the way to either end.
  const power = Math.floor(Math.log10(Math.abs(middle - value)));
  const scale = powersOf10[Math.abs(power)];
  if (scale === undefined) return middle;
  return power >= 0 ? Math.round(middle / scale) * scale : Math.round(middle * scale) / scale;
}
