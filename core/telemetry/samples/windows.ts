import type { Point } from '../series.ts';
import { add, movingFold } from './moving-fold.ts';
import type { Share } from './prediction-metrics.ts';
import { aucOf, calibrationError } from './score-quality.ts';
import { movingScores } from './score-slots.ts';
import { type Bucket, mergeSummary, type PredictionSummary, type Summary, type ValueSummary } from './summary.ts';

/**
 * The spans that points summarise: one ends at each multiple of `step` from `first` to `to`, each
 * `over` long; milliseconds. A span takes the buckets wholly inside: `at - over <= start` and
 * `start + bucket <= at`. Buckets are half-open: a record stamped exactly `at` belongs to the next
 * span, one stamped `at - over` to this one.
 */
export type Spans = { first: number; to: number; step: number; over: number; bucket: number };

/** More points of one series than this indicate a config mistake. */
const maxPoints = 200_000;

/** The spans that end in (from, to], or why they cannot be answered. */
export function spansOf(
  range: { from: number; to: number },
  step: number,
  over: number,
  bucket: number,
): { ok: true; spans: Spans } | { ok: false; error: string } {
  if (over < bucket) {
    return {
      ok: false,
      error: `expected \`over\` to be at least the source's bucket of ${bucket} ms; received ${over} ms, too short for any bucket`,
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

/** Calls `each` with each span's end and the range [lo, hi) of its buckets, which may be empty. */
export function eachSpan(
  buckets: readonly { start: number }[],
  spans: Spans,
  each: (at: number, lo: number, hi: number) => void,
): void {
  const { first, to, step, over, bucket } = spans;
  const { length } = buckets;
  let lo = 0;
  let hi = 0;
  for (let at = first; at <= to; at += step) {
    while (lo < length && (buckets[lo] as { start: number }).start < at - over) lo += 1;
    if (hi < lo) hi = lo;
    while (hi < length && (buckets[hi] as { start: number }).start + bucket <= at) hi += 1;
    each(at, lo, hi);
  }
}

/**
 * A ratio over each non-empty span: the value is part / of, the count `of`. If it needs labels, the
 * point carries the labelled share; an estimate carries its calibration error where labels exist.
 */
export function sharePoints(buckets: readonly Bucket[], share: Share, spans: Spans): Point[] {
  const points: Point[] = [];
  const { length } = buckets;
  const summary = (index: number) => (buckets[index] as Bucket).summary as PredictionSummary;
  const of = movingFold(length, (i) => share.of(summary(i)), add);
  const part = movingFold(length, (i) => share.part(summary(i)), add);
  const labelled = share.labels === true ? labelledShare(length, summary) : undefined;
  const real = share.real === undefined ? undefined : realOf(share.real, length, summary);
  const scores = share.estimate === true ? movingScores(length, (i) => summary(i).scores) : undefined;
  eachSpan(buckets, spans, (at, lo, hi) => {
    if (lo === hi) return;
    const count = of(lo, hi);
    // Called for every span, even if unused: a moving fold may only advance.
    const sum = part(lo, hi);
    const known = labelled?.(lo, hi);
    const labels = scores?.(lo, hi);
    const truth = real?.(lo, hi);
    if (!(count > 0)) return;
    const value = share.then === undefined ? sum / count : share.then(sum / count);
    const point: Point = { at, value, count };
    if (known !== undefined) point.labelled = known;
    if (labels !== undefined) point.calibrationError = calibrationError(labels);
    if (truth !== undefined) point.real = truth;
    points.push(point);
  });
  return points;
}

/** The same metric from labels that have arrived; undefined if none has. */
function realOf(share: Share, length: number, summary: SummaryAt): (lo: number, hi: number) => Point['real'] {
  const of = movingFold(length, (i) => share.of(summary(i)), add);
  const part = movingFold(length, (i) => share.part(summary(i)), add);
  const labelled = labelledShare(length, summary);
  return (lo, hi) => {
    const [count, sum, known] = [of(lo, hi), part(lo, hi), labelled(lo, hi)];
    return count > 0 ? { value: sum / count, count, labelled: known } : undefined;
  };
}

type SummaryAt = (index: number) => PredictionSummary;

/** The labelled share of the predictions in a range. */
function labelledShare(length: number, summary: SummaryAt): Fold {
  const counts = movingFold(length, (i) => summary(i).count, add);
  const labels = movingFold(length, (i) => summary(i).labelled, add);
  return (lo, hi) => {
    const [count, known] = [counts(lo, hi), labels(lo, hi)];
    // A label that carries its own prediction may count where no prediction did.
    return count > 0 ? Math.min(1, known / count) : 1;
  };
}

/** The area under the ROC curve of each span with labels of both classes; see `aucOf`. */
export function aucPoints(buckets: readonly Bucket[], spans: Spans): Point[] {
  const points: Point[] = [];
  const summary: SummaryAt = (index) => (buckets[index] as Bucket).summary as PredictionSummary;
  const scores = movingScores(buckets.length, (i) => summary(i).scores);
  const labelled = labelledShare(buckets.length, summary);
  eachSpan(buckets, spans, (at, lo, hi) => {
    if (lo === hi) return;
    const known = labelled(lo, hi);
    const found = aucOf(scores(lo, hi));
    if (found !== undefined)
      points.push({ at, value: found.auc, count: found.count, labelled: known, errorBound: found.errorBound });
  });
  return points;
}

/**
 * The age of the newest record at the end of each span, in seconds; the whole span if it has none.
 * Spans that began before `since`, when the series was first seen, have no point unless they have a
 * record.
 */
export function agePoints<S extends Summary>(
  buckets: readonly Bucket[],
  newestOf: (summary: S) => number | undefined,
  spans: Spans,
  since: number,
): Point[] {
  const points: Point[] = [];
  eachSpan(buckets, spans, (at, lo, hi) => {
    let newest = Number.NEGATIVE_INFINITY;
    // The newest record is in the last bucket, unless that holds only late labels.
    for (let i = hi - 1; i >= lo && newest === Number.NEGATIVE_INFINITY; i -= 1) {
      newest = newestOf((buckets[i] as Bucket).summary as S) ?? newest;
    }
    if (newest === Number.NEGATIVE_INFINITY) {
      if (at - spans.over < since) return;
      newest = at - spans.over;
    }
    points.push({ at, value: Math.max(0, at - newest) / 1000 });
  });
  return points;
}

/**
 * Records per span, including 0. Spans that began before `since`, when the series was first seen,
 * are left out: they were not fully observed.
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

/** A statistic of the samples of each non-empty span; the count is the number of samples. */
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

/**
 * Merges the buckets of several series into one list, oldest first. Drops buckets of another kind.
 */
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
