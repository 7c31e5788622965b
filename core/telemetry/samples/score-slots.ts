import { joinedBins } from './score-bins.ts';
import { labelledScores, type ScoreSums } from './score-sums.ts';
import { highOf, lowOf, middleOf, nodeAt, placeOf, type ScoreBins, type ScoreNode, twiceMiddleOf } from './score-tree.ts';

/**
 * Places for all scores of some buckets, in order of their middles. A slot may lie inside another.
 */
export type ScoreSlots = {
  /** The score that stands for each slot. */
  middles: Float64Array;
  /** Slots in order of their ends, and how many of those end before each slot begins. */
  byEnd: Int32Array;
  ended: Int32Array;
  /** Calls `each` with the slot of every node; nodes that no slot holds are left out. */
  placed(bins: ScoreBins, each: (slot: number, negative: number, positive: number) => void): void;
};

const mostSlots = 800;

/**
 * The slots of what some buckets hold, narrow wherever many scores are. Every bucket weighs the
 * same: one of little traffic may be all that a later window has.
 */
export function slotsOf(sums: readonly (ScoreSums | undefined)[]): ScoreSlots {
  const weights = new Map<number, number>();
  for (const one of sums)
    for (const bins of [one?.bins ?? [], one?.predicted ?? []]) {
      let total = 0;
      for (let i = 0; i < bins.length; i += 3) total += countAt(bins, i);
      for (let i = 0; i < bins.length; i += 3) {
        const place = placeOf(bins[i] as number);
        weights.set(place, (weights.get(place) ?? 0) + countAt(bins, i) / Math.max(1, total));
      }
    }
  const all: ScoreBins = [];
  for (const place of Float64Array.from(weights.keys()).sort()) all.push(nodeAt(place), weights.get(place) as number, 0);
  return slotsAt(joinedBins(all, mostSlots, mostSlots).filter((_, i) => i % 3 === 0));
}

const countAt = (bins: ScoreBins, i: number): number => Math.max(0, bins[i + 1] as number) + Math.max(0, bins[i + 2] as number);

export function slotsAt(nodes: readonly ScoreNode[]): ScoreSlots {
  const sorted = Int32Array.from(nodes).sort((a, b) => twiceMiddleOf(a) - twiceMiddleOf(b));
  const highs = Int32Array.from(sorted, highOf);
  const byEnd = Int32Array.from(sorted.keys()).sort((a, b) => (highs[a] as number) - (highs[b] as number));
  const ends = highs.toSorted();
  return {
    middles: Float64Array.from(sorted, middleOf),
    byEnd,
    ended: sorted.map((node) => countUpTo(ends, lowOf(node))),
    placed: placing(sorted),
  };
}

/** Bins and slots have the same order, so one walk along both finds the slots. */
function placing(nodes: Int32Array): ScoreSlots['placed'] {
  const inOrder = Int32Array.from(nodes.keys()).sort((a, b) => placeOf(nodes[a] as number) - placeOf(nodes[b] as number));
  const places = Float64Array.from(inOrder, (slot) => placeOf(nodes[slot] as number));
  const highs = Int32Array.from(inOrder, (slot) => highOf(nodes[slot] as number));
  // The slot that each lies in, or -1.
  const around = new Int32Array(nodes.length);
  for (let i = 0; i < nodes.length; i += 1) {
    let outer = i - 1;
    while (outer >= 0 && (highs[outer] as number) < (highs[i] as number)) outer = around[outer] as number;
    around[i] = outer;
  }
  return (bins, each) => {
    let last = -1;
    for (let i = 0; i < bins.length; i += 3) {
      const node = bins[i] as number;
      const place = placeOf(node);
      while (last + 1 < places.length && (places[last + 1] as number) <= place) last += 1;
      const high = highOf(node);
      let at = last;
      while (at >= 0 && (highs[at] as number) < high) at = around[at] as number;
      if (at >= 0) each(inOrder[at] as number, bins[i + 1] as number, bins[i + 2] as number);
    }
  };
}

/** How many sorted numbers are at most so large. */
function countUpTo(sorted: Int32Array, limit: number): number {
  let from = 0;
  for (let to = sorted.length; from < to; ) {
    const at = (from + to) >>> 1;
    if ((sorted[at] as number) <= limit) from = at + 1;
    else to = at;
  }
  return from;
}

/** Scores of a window: negatives of slot s at 2 s, positives at 2 s + 1. */
export type Histogram = Float64Array;

type SumsAt = (index: number) => ScoreSums | undefined;

/**
 * Histograms of index ranges [lo, hi) that only move forwards. Counts are integers, so subtraction
 * is exact. Reuses one array.
 */
export function movingHistogram(
  slots: ScoreSlots,
  sumsAt: SumsAt,
  binsOf: (sums: ScoreSums) => ScoreBins,
): (lo: number, hi: number) => Histogram {
  const histogram = new Float64Array(2 * slots.middles.length);
  let from = 0;
  let to = 0;
  const add = (index: number, times: 1 | -1): void => {
    const sums = sumsAt(index);
    if (sums === undefined) return;
    slots.placed(binsOf(sums), (slot, negative, positive) => {
      histogram[2 * slot] = (histogram[2 * slot] as number) + times * negative;
      histogram[2 * slot + 1] = (histogram[2 * slot + 1] as number) + times * positive;
    });
  };
  return (lo, hi) => {
    if (lo >= to) {
      histogram.fill(0);
      from = to = lo;
    }
    for (; to < hi; to += 1) add(to, 1);
    for (; from < lo; from += 1) add(from, -1);
    return histogram;
  };
}

export type ScoresOfWindow = { slots: ScoreSlots; histogram: Histogram };

/**
 * Labelled scores of index ranges [lo, hi) that only move forwards, each in slots that follow its
 * own spread: those of buckets up to three times its length, so that what was long before decides
 * nothing.
 */
export function movingScores(length: number, sumsAt: SumsAt): (lo: number, hi: number) => ScoresOfWindow {
  let end = -1;
  let slots = slotsAt([]);
  let move = movingHistogram(slots, sumsAt, labelledScores);
  return (lo, hi) => {
    if (hi > end) {
      end = Math.min(length, 3 * hi - 2 * lo);
      const near: ScoreSums[] = [];
      for (let i = lo; i < end; i += 1) {
        const sums = sumsAt(i);
        if (sums !== undefined) near.push({ ...sums, predicted: [] });
      }
      slots = slotsOf(near);
      move = movingHistogram(slots, sumsAt, labelledScores);
    }
    return { slots, histogram: move(lo, hi) };
  };
}
