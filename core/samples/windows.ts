import type { Point } from '../rules/verdict.ts';
import { add, movingFold } from './moving-fold.ts';
import { type Bucket, mergeSummary, type PredictionSummary, type Summary, type ValueSummary } from './summary.ts';

/**
 * The spans that points summarise: one that ends at each multiple of `step` from `first` to `to`, each `over` long. All
 * in milliseconds. A span takes the buckets that lie wholly within it: `at - over <= start` and `start + bucket <= at`.
 * Buckets are half-open, so a record stamped exactly `at` belongs to the next span, and one stamped `at - over` to this.
 */
export type Spans = { first: number; to: number; step: number; over: number; bucket: number };

/** More points than this of one series are a mistake in a config rather than a question. */
const maxPoints = 200_000;

/** The spans with ends in (from, to], or why there are none that could be answered. */
export function spansOf(
  range: { from: number; to: number },
  step: number,
  over: number,
  bucket: number,
): { ok: true; spans: Spans } | { ok: false; error: string } {
  if (over < bucket) {
    return {
      ok: false,
      error: `expected \`over\` to be at least the source's bucket of ${bucket} ms; received ${over} ms, in which no bucket fits`,
    };
  }
  const wanted = (range.to - range.from) / step;
  if (!(wanted <= maxPoints)) {
    return {
      ok: false,
      error: `expected at most ${maxPoints} points a series; received a rule that asks for ${Math.ceil(wanted)}: give it a longer \`step\` or a shorter window`,
    };
  }
  const first = (Math.floor(range.from / step) + 1) * step;
  return { ok: true, spans: { first, to: range.to, step, over, bucket } };
}

/** Calls `each` with every span's end and the range [lo, hi) of the buckets it takes, which may be empty. */
function eachSpan(buckets: readonly Bucket[], spans: Spans, each: (at: number, lo: number, hi: number) => void): void {
  const { first, to, step, over, bucket } = spans;
  const { length } = buckets;
  let lo = 0;
  let hi = 0;
  for (let at = first; at <= to; at += step) {
    while (lo < length && (buckets[lo] as Bucket).start < at - over) lo += 1;
    if (hi < lo) hi = lo;
    while (hi < length && (buckets[hi] as Bucket).start + bucket <= at) hi += 1;
    each(at, lo, hi);
  }
}

/** Which part of the predictions, of how many: every metric of a model is such a share, or the number itself. */
export type Share = { of: (summary: PredictionSummary) => number; part: (summary: PredictionSummary) => number };

export const shares = {
  accuracy: { of: (s) => s.labelled, part: (s) => s.correct },
  positive_rate: { of: (s) => s.count, part: (s) => s.positive },
  score_mean: { of: (s) => s.scored, part: (s) => s.scoreSum },
  count: { of: (s) => s.count, part: (s) => s.count },
  labelled: { of: (s) => s.labelled, part: (s) => s.labelled },
} satisfies Record<string, Share>;

export function nullShare(feature: string): Share {
  // A feature may be called `constructor`.
  const known = (s: PredictionSummary) => (Object.hasOwn(s.features, feature) ? s.features[feature] : undefined);
  return { of: (s) => known(s)?.seen ?? 0, part: (s) => known(s)?.nulls ?? 0 };
}

/** Sums of a share over each span that has any: the value is part / of, the count is `of`. */
export function sharePoints(buckets: readonly Bucket[], share: Share, spans: Spans): Point[] {
  const points: Point[] = [];
  const summary = (index: number) => (buckets[index] as Bucket).summary as PredictionSummary;
  const of = movingFold(buckets.length, (i) => share.of(summary(i)), add);
  const part = movingFold(buckets.length, (i) => share.part(summary(i)), add);
  eachSpan(buckets, spans, (at, lo, hi) => {
    if (lo === hi) return;
    const count = of(lo, hi);
    // The part is folded even when it is not used, for its ranges must move on.
    const sum = part(lo, hi);
    if (count > 0) points.push({ at, value: sum / count, count });
  });
  return points;
}

/**
 * How many records each span holds, also where that is none. Spans that began before `since`, when the series was first
 * seen, are left out: what they lack says nothing about volume.
 */
export function countPoints<S extends Summary>(
  buckets: readonly Bucket[],
  countOf: (summary: S) => number,
  spans: Spans,
  since: number,
): Point[] {
  const points: Point[] = [];
  const fold = movingFold(buckets.length, (i) => countOf((buckets[i] as Bucket).summary as S), add);
  eachSpan(buckets, spans, (at, lo, hi) => {
    const count = lo === hi ? 0 : fold(lo, hi);
    if (at - spans.over >= since) points.push({ at, value: count, count });
  });
  return points;
}

export type ValueStatistic = 'mean' | 'sum' | 'min' | 'max' | 'last';

/** A statistic of the samples of each span that has any; the count is the number of samples. */
export function valuePoints(buckets: readonly Bucket[], statistic: ValueStatistic, spans: Spans): Point[] {
  const points: Point[] = [];
  const summary = (index: number) => (buckets[index] as Bucket).summary as ValueSummary;
  const { length } = buckets;
  const counts = movingFold(length, (i) => summary(i).count, add);
  const sums = (): Fold => movingFold(length, (i) => summary(i).sum, add);
  const folds: Record<ValueStatistic, () => Fold> = {
    mean: sums,
    sum: sums,
    min: () => movingFold(length, (i) => summary(i).min, Math.min),
    max: () => movingFold(length, (i) => summary(i).max, Math.max),
    // Buckets do not overlap, so the last one holds the last sample.
    last: () => (_, hi) => summary(hi - 1).last,
  };
  const fold = folds[statistic]();
  eachSpan(buckets, spans, (at, lo, hi) => {
    if (lo === hi) return;
    const count = counts(lo, hi);
    const value = fold(lo, hi);
    points.push({ at, value: statistic === 'mean' ? value / count : value, count });
  });
  return points;
}

type Fold = (lo: number, hi: number) => number;

/** One list of buckets, oldest first, of several series that count as one. Buckets of another kind are left out. */
export function mergeBuckets(lists: readonly (readonly Bucket[])[], kind: Summary['kind']): readonly Bucket[] {
  const [only] = lists;
  if (only !== undefined && lists.length === 1 && only.every(({ summary }) => summary.kind === kind)) return only;
  const byStart = new Map<number, Summary>();
  for (const list of lists) {
    for (const { start, summary } of list) {
      if (summary.kind !== kind) continue;
      const known = byStart.get(start);
      byStart.set(start, known === undefined ? summary : mergeSummary(known, summary));
    }
  }
  return [...byStart].map(([start, summary]) => ({ start, summary })).sort((a, b) => a.start - b.start);
}
