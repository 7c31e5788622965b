import { append, commonLevel, highWord, lowerBits, lowWord, type Nodes, roomFor, rootLevel, upperBits } from './double-tree.ts';

/**
 * The way from the root to the node that was read last: the bits and level of each node on it, what
 * it counts by itself, where its halves were put (-1: nowhere), and whether anything inside a half
 * stays apart.
 */
const highs = new Uint32Array(rootLevel + 2);
const lows = new Uint32Array(rootLevel + 2);
const levels = new Uint8Array(rootLevel + 2);
const own = new Float64Array(rootLevel + 2);
const firsts = new Int32Array(rootLevel + 2);
const seconds = new Int32Array(rootLevel + 2);
const splits = new Uint8Array(rootLevel + 2);

/** Where nodes are put, after those inside them. Shared: joining is synchronous, not re-entrant. */
let out = roomFor(2048);

/**
 * Joins two halves into their node, with what it counts by itself, if together they count at most
 * `most`, nothing inside them stays apart, and the node is of level `widest` or less. In place.
 * Takes the order of the tree or its reverse within each node, and leaves the other of the two.
 *
 * As in a q-digest (N. Shrivastava et al., Medians and beyond: new aggregation techniques for
 * sensor networks, SenSys 2004, 239-249), but for `nothing inside them stays apart`: a node that
 * counts by itself around others says less of the order of its numbers, and so comes only from
 * merging.
 */
export function joinHalves(nodes: Nodes, most: number, widest: number): void {
  if (out.counts.length < 2 * nodes.size) out = roomFor(2 * nodes.size);
  out.size = 0;
  let depth = 0;
  for (let i = 0; i < nodes.size; i += 1) {
    const high = nodes.words[2 * i + highWord] as number;
    const low = nodes.words[2 * i + lowWord] as number;
    while (depth > 0) {
      const common = commonLevel(highs[depth - 1] as number, lows[depth - 1] as number, high, low);
      if (common <= (levels[depth - 1] as number)) break;
      depth -= 1;
      const isInside = depth > 0 && (levels[depth - 1] as number) <= common;
      const part = close(depth, most, widest);
      const isSplit = splits[depth] as number;
      if (!isInside) {
        open(depth, high, low, common, 0);
        depth += 1;
      }
      take(depth - 1, part, isSplit);
    }
    open(depth, high, low, nodes.levels[i] as number, nodes.counts[i] as number);
    depth += 1;
  }
  while (depth > 0) {
    depth -= 1;
    const part = close(depth, most, widest);
    if (depth > 0) take(depth - 1, part, splits[depth] as number);
  }
  backwards(nodes);
}

function open(depth: number, high: number, low: number, level: number, count: number): void {
  highs[depth] = high;
  lows[depth] = low;
  levels[depth] = level;
  own[depth] = count;
  firsts[depth] = -1;
  seconds[depth] = -1;
  splits[depth] = 0;
}

function take(depth: number, part: number, isSplit: number): void {
  splits[depth] = (splits[depth] as number) | isSplit;
  if (part < 0) return;
  if ((firsts[depth] as number) < 0) firsts[depth] = part;
  else seconds[depth] = part;
}

/** Puts out a node of the way, joined if it may be; its place, or -1 if it counts nothing. */
function close(depth: number, most: number, widest: number): number {
  const first = firsts[depth] as number;
  const second = seconds[depth] as number;
  const level = levels[depth] as number;
  let count = own[depth] as number;
  if (first >= 0) {
    const all = count + (out.counts[first] as number) + (second < 0 ? 0 : (out.counts[second] as number));
    if (all <= most && level <= widest && splits[depth] === 0) {
      count = all;
      out.counts[first] = 0;
      if (second >= 0) out.counts[second] = 0;
    } else splits[depth] = 1;
  }
  if (count === 0) return -1;
  const put = out.size;
  out.words[2 * put + highWord] = upperBits(highs[depth] as number, level);
  out.words[2 * put + lowWord] = lowerBits(lows[depth] as number, level);
  out.levels[put] = level;
  out.counts[put] = count;
  out.size = put + 1;
  return put;
}

/** What was put out last comes first, and so each node before those inside it. */
function backwards(nodes: Nodes): void {
  nodes.size = 0;
  for (let i = out.size - 1; i >= 0; i -= 1) {
    const count = out.counts[i] as number;
    if (count > 0) append(nodes, out.values[i] as number, out.levels[i] as number, count);
  }
}
