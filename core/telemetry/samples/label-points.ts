import type { Point } from '../series.ts';
import type { labelArrivalMetrics } from '../sources/kinds/predictions-query.ts';
import type { labelMetrics } from './label-arrivals.ts';
import { add, movingFold } from './moving-fold.ts';
import type { Bucket, ValueSummary } from './summary.ts';
import { eachSpan, type Spans } from './windows.ts';

export type LabelArrivalMetric = (typeof labelArrivalMetrics)[number];

/** Buckets of each series that counts labels by the time at which they came, oldest first. */
export type ArrivalBuckets = Record<keyof typeof labelMetrics, readonly Bucket[]>;

type Counts = { matched: number; delay: number; unmatched: number; corrected: number };

/**
 * A metric of the labels that came in each span; no point where none came. `label_delay` is in
 * seconds. A label whose prediction came after it is taken back from the unmatched ones at that
 * time, so a span may hold more of those than labels; a share never leaves [0, 1].
 */
export function labelPoints(metric: LabelArrivalMetric, buckets: ArrivalBuckets, spans: Spans): Point[] {
  const points: Point[] = [];
  const at = timesOf(buckets);
  const fold = (of: keyof ArrivalBuckets, what: (summary: ValueSummary) => number) => {
    const known = new Map(buckets[of].map(({ start, summary }) => [start, what(summary as ValueSummary)]));
    return movingFold(at.length, (index) => known.get((at[index] as Bucket).start) ?? 0, add);
  };
  const matched = fold('delay', ({ count }) => count);
  const delay = fold('delay', ({ sum }) => sum);
  const unmatched = fold('unmatched', ({ sum }) => sum);
  const corrected = fold('corrected', ({ sum }) => sum);
  eachSpan(at, spans, (end, lo, hi) => {
    if (lo === hi) return;
    const counts = {
      matched: matched(lo, hi),
      delay: delay(lo, hi),
      unmatched: Math.max(0, unmatched(lo, hi)),
      corrected: corrected(lo, hi),
    };
    const { part, of } = partOf(metric, counts);
    if (of > 0) points.push({ at: end, value: part / of, count: of });
  });
  return points;
}

function partOf(metric: LabelArrivalMetric, { matched, delay, unmatched, corrected }: Counts): { part: number; of: number } {
  switch (metric) {
    case 'label_delay':
      return { part: delay, of: matched };
    case 'unmatched_label_rate':
      return { part: unmatched, of: matched + unmatched };
    case 'corrected_label_rate':
      return { part: corrected, of: matched + corrected };
  }
}

/** One bucket for each time at which any of the series has one. */
function timesOf(buckets: ArrivalBuckets): readonly Bucket[] {
  const byStart = new Map(Object.values(buckets).flatMap((list) => list.map((bucket) => [bucket.start, bucket] as const)));
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}
