/**
 * The tree of all doubles. A node of level L holds the doubles that differ in their last L bits
 * only: at level 0 one number, at 52 an octave of one sign. Its two halves are nodes of level L -
 * 1. Within an octave all halves are equally wide, so the tree is as fine as wanted around any
 * number, near zero or far from it.
 */

/**
 * Nodes and how many numbers each holds, in the order of the tree: a node before those inside it,
 * numbers above 0 before those below, then by distance from 0.
 */
export type Nodes = {
  size: number;
  /** The number of each node that is nearest to 0. */
  values: Float64Array;
  /** The bits of the same numbers. */
  words: Uint32Array;
  levels: Uint8Array;
  counts: Float64Array;
};

/** The level of the node of everything. Its halves are the numbers of one sign. */
export const rootLevel = 64;

/** Where the upper and lower bits of number i are in `words`: at 2 i plus this. */
export const lowWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
export const highWord = 1 - lowWord;

export function roomFor(most: number): Nodes {
  const values = new Float64Array(most);
  const words = new Uint32Array(values.buffer);
  return { size: 0, values, words, levels: new Uint8Array(most), counts: new Float64Array(most) };
}

/** Appends the node of a level that holds `value`. */
export function append(nodes: Nodes, value: number, level: number, count: number): void {
  const { size, values, words, levels, counts } = nodes;
  values[size] = value;
  levels[size] = level;
  counts[size] = count;
  if (level > 0) {
    words[2 * size + highWord] = upperBits(words[2 * size + highWord] as number, level);
    words[2 * size + lowWord] = lowerBits(words[2 * size + lowWord] as number, level);
  }
  nodes.size = size + 1;
}

/** The upper and the lower word of a number without its last `level` bits. */
export const upperBits = (word: number, level: number): number =>
  level <= 32 ? word : level < rootLevel ? word & (-1 << (level - 32)) : 0;
export const lowerBits = (word: number, level: number): number => (level >= 32 ? 0 : word & (-1 << level));

/** The level of the smallest node that holds two numbers. */
export function commonLevel(high: number, low: number, otherHigh: number, otherLow: number): number {
  return high === otherHigh ? 32 - Math.clz32(low ^ otherLow) : rootLevel - Math.clz32(high ^ otherHigh);
}

/** Both together; equal nodes are added up. */
export function mergedNodes(a: Nodes, b: Nodes): Nodes {
  const all = roomFor(a.size + b.size);
  let i = 0;
  let j = 0;
  let size = 0;
  while (i < a.size && j < b.size) {
    const order = comparePlaces(a, i, b, j);
    if (order > 0) {
      put(all, size, b, j);
      j += 1;
    } else {
      put(all, size, a, i);
      i += 1;
      if (order === 0) {
        all.counts[size] = (all.counts[size] as number) + (b.counts[j] as number);
        j += 1;
      }
    }
    size += 1;
  }
  for (; i < a.size; i += 1, size += 1) put(all, size, a, i);
  for (; j < b.size; j += 1, size += 1) put(all, size, b, j);
  all.size = size;
  return all;
}

function put(to: Nodes, at: number, from: Nodes, i: number): void {
  to.values[at] = from.values[i] as number;
  to.levels[at] = from.levels[i] as number;
  to.counts[at] = from.counts[i] as number;
}

/** Below 0 if node i of `a` comes before node j of `b`, 0 if they are the same node. */
export function comparePlaces(a: Nodes, i: number, b: Nodes, j: number): number {
  const high = (a.words[2 * i + highWord] as number) - (b.words[2 * j + highWord] as number);
  if (high !== 0) return high;
  const low = (a.words[2 * i + lowWord] as number) - (b.words[2 * j + lowWord] as number);
  return low === 0 ? (b.levels[j] as number) - (a.levels[i] as number) : low;
}

const one = roomFor(1);

/** The end of a node that is farther from 0, itself not in it; at most the largest double. */
export function farEnd(value: number, level: number): number {
  one.values[0] = value;
  const isNegative = (one.words[highWord] as number) >= 2 ** 31;
  const low = (one.words[lowWord] as number) + (level < 32 ? 2 ** level : 0);
  const high = (one.words[highWord] as number) + (level >= 32 ? 2 ** (level - 32) : low > 0xffffffff ? 1 : 0);
  one.words[lowWord] = low;
  one.words[highWord] = high;
  const far = one.values[0] as number;
  if (Number.isFinite(far) && far < 0 === isNegative && high <= 0xffffffff) return far;
  return isNegative ? -Number.MAX_VALUE : Number.MAX_VALUE;
}

/** A number in the middle of a node of level 1 or more: the first of its open bits is set. */
export function middleOf(value: number, level: number): number {
  one.values[0] = value;
  const word = level > 32 ? highWord : lowWord;
  one.words[word] = (one.words[word] as number) | (1 << ((level - 1) % 32));
  return one.values[0] as number;
}
