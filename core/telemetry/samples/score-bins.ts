import { commonNode, highOf, lowOf, placeOf, type ScoreBins, type ScoreNode } from './score-tree.ts';

/** More nodes than these are joined, down to fewer than there may be: so it happens seldom. */
export const mostScoreBins = 192;
const fewerBins = 128;

/** Counts more predictions of a node. */
export function addTo(bins: ScoreBins, node: ScoreNode, negative: number, positive: number): void {
  const place = placeOf(node);
  let from = 0;
  for (let to = bins.length / 3; from < to; ) {
    const at = (from + to) >>> 1;
    if (placeOf(bins[3 * at] as number) < place) from = at + 1;
    else to = at;
  }
  if (bins[3 * from] !== node) bins.splice(3 * from, 0, node, negative, positive);
  else addAt(bins, from, negative, positive);
}

function addAt(bins: ScoreBins, i: number, negative: number, positive: number): void {
  bins[3 * i + 1] = (bins[3 * i + 1] as number) + negative;
  bins[3 * i + 2] = (bins[3 * i + 2] as number) + positive;
}

/** Fewer nodes than these are looked up one by one. */
const few = 32;

/** Both together. */
export function mergedBins(a: ScoreBins, b: ScoreBins): ScoreBins {
  if (b.length > 3 * few) return mergedInOrder(a, b);
  const all = a.slice();
  let isTakenBack = false;
  for (let i = 0; i < b.length; i += 3) {
    const [node, negative, positive] = [b[i] as number, b[i + 1] as number, b[i + 2] as number];
    addTo(all, node, negative, positive);
    isTakenBack ||= negative < 0 || positive < 0;
  }
  return joinedBins(isTakenBack ? settled(all) : all);
}

function mergedInOrder(a: ScoreBins, b: ScoreBins): ScoreBins {
  const all: ScoreBins = [];
  let isTakenBack = false;
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    const order = one === undefined ? 1 : other === undefined ? -1 : one === other ? 0 : placeOf(one) - placeOf(other);
    const node = (order <= 0 ? one : other) as number;
    const negative = (order <= 0 ? (a[i + 1] as number) : 0) + (order >= 0 ? (b[j + 1] as number) : 0);
    const positive = (order <= 0 ? (a[i + 2] as number) : 0) + (order >= 0 ? (b[j + 2] as number) : 0);
    all.push(node, negative, positive);
    isTakenBack ||= negative < 0 || positive < 0;
    if (order <= 0) i += 3;
    if (order >= 0) j += 3;
  }
  return joinedBins(isTakenBack ? settled(all) : all);
}

/** A label that is taken back was counted in a node that its own is now part of. */
function settled(bins: ScoreBins): ScoreBins {
  const indexOf = new Map<ScoreNode, number>();
  for (let i = 0; i < bins.length; i += 3) indexOf.set(bins[i] as number, i);
  for (let i = 0; i < bins.length; i += 3)
    for (const side of [1, 2])
      for (let around = (bins[i] as number) >>> 1; around > 0 && (bins[i + side] as number) < 0; around >>>= 1) {
        const from = indexOf.get(around);
        if (from === undefined) continue;
        const taken = Math.max(0, Math.min(bins[from + side] as number, -(bins[i + side] as number)));
        bins[from + side] = (bins[from + side] as number) - taken;
        bins[i + side] = (bins[i + side] as number) + taken;
      }
  const left: ScoreBins = [];
  for (let i = 0; i < bins.length; i += 3)
    if (bins[i + 1] !== 0 || bins[i + 2] !== 0) left.push(bins[i] as number, bins[i + 1] as number, bins[i + 2] as number);
  return left;
}

/** A joined node may hold this many times its share; more if there are still too many nodes. */
const sharesAtFirst = 1.5;

/**
 * Joins neighbours where there are too many nodes. Together they count at most a share of all, so
 * nodes are narrow wherever many scores are.
 */
export function joinedBins(bins: ScoreBins, most = mostScoreBins, fewer = fewerBins): ScoreBins {
  if (bins.length <= 3 * most) return bins;
  const counted: ScoreBins = [];
  // What is taken back is told to the stored bucket as it was counted.
  const takenBack: ScoreBins = [];
  for (let i = 0; i < bins.length; i += 3) {
    const [node, negative, positive] = [bins[i] as number, bins[i + 1] as number, bins[i + 2] as number];
    (negative < 0 || positive < 0 ? takenBack : counted).push(node, negative, positive);
  }
  const size = counted.length / 3;
  const before = new Float64Array(size + 1);
  for (let i = 0; i < size; i += 1)
    before[i + 1] = (before[i] as number) + (counted[3 * i + 1] as number) + (counted[3 * i + 2] as number);
  const total = before[size] as number;
  for (let share = (sharesAtFirst * total) / fewer; ; share *= sharesAtFirst) {
    const joined: ScoreBins = [];
    join({ bins: counted, before, share, joined }, 0, size);
    if (joined.length > 3 * fewer && share < total) continue;
    for (let i = 0; i < takenBack.length; i += 3)
      addTo(joined, takenBack[i] as number, takenBack[i + 1] as number, takenBack[i + 2] as number);
    return joined;
  }
}

type Joining = { bins: ScoreBins; before: Float64Array; share: number; joined: ScoreBins };

/** Nodes from `from` to `to` become one if they are few enough; else each half is looked at. */
function join(all: Joining, from: number, to: number): void {
  if (from === to) return;
  const { bins, before, share, joined } = all;
  const first = bins[3 * from] as number;
  const around = commonNode(first, bins[3 * (to - 1)] as number);
  if ((before[to] as number) - (before[from] as number) <= share) {
    let [negative, positive] = [0, 0];
    for (let i = from; i < to; i += 1) {
      negative += bins[3 * i + 1] as number;
      positive += bins[3 * i + 2] as number;
    }
    // What lies in a node that was kept alone may be as wide as that node.
    if (joined.at(-3) === around) addAt(joined, joined.length / 3 - 1, negative, positive);
    else joined.push(around, negative, positive);
  } else if (first === around) {
    // A node that holds the others stays before them.
    joined.push(first, bins[3 * from + 1] as number, bins[3 * from + 2] as number);
    join(all, from + 1, to);
  } else {
    const middle = (lowOf(around) + highOf(around)) / 2;
    let split = from;
    for (let end = to; split < end; ) {
      const at = (split + end) >>> 1;
      if (lowOf(bins[3 * at] as number) < middle) split = at + 1;
      else end = at;
    }
    join(all, from, split);
    join(all, split, to);
  }
}
