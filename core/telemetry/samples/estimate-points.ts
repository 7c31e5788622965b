import { formatDuration } from '../../vocabulary/units.ts';
import type { Point } from '../series.ts';
import { add, movingFold } from './moving-fold.ts';
import { shares } from './prediction-metrics.ts';
import { type EstimatedMetric, estimateOf, expectedOf, recalibrationOf } from './recalibration.ts';
import { movingHistogram, slotsOf } from './score-slots.ts';
import { labelledScores, predictedScores } from './score-sums.ts';
import type { Bucket, PredictionSummary } from './summary.ts';
import { eachSpan, type Spans, sharePoints } from './windows.ts';

/**
 * Recalibrates scores on labels of the `window` before each span. With an error above `maxError`,
 * no estimate is made.
 */
export type RecalibrateConfig = { window: number; maxError: number };

/**
 * Estimates from scores, recalibrated where earlier labels show that this helps. A point whose
 * scores stay too far off is refused with the reason. The two halves of the reference alternate
 * buckets, so that both see the same times of day.
 */
export function estimatePoints(
  buckets: readonly Bucket[],
  metric: EstimatedMetric,
  spans: Spans,
  { window, maxError }: RecalibrateConfig,
): Point[] {
  const points = new Map(sharePoints(buckets, shares[metric], spans).map((point) => [point.at, point]));
  const scoresAt = (i: number) => ((buckets[i] as Bucket).summary as PredictionSummary).scores;
  const isEven = (i: number): boolean => Math.floor((buckets[i] as Bucket).start / spans.bucket) % 2 === 0;
  const slots = slotsOf(buckets.map((_, i) => scoresAt(i)));
  const even = movingHistogram(slots, (i) => (isEven(i) ? scoresAt(i) : undefined), labelledScores);
  const odd = movingHistogram(slots, (i) => (isEven(i) ? undefined : scoresAt(i)), labelledScores);
  const predicted = movingHistogram(slots, scoresAt, predictedScores);
  const scored = movingFold(buckets.length, (i) => scoresAt(i)?.probable ?? 0, add);
  const ranges = new Map<number, [number, number]>();
  // The reference of a span ends where the span begins.
  eachSpan(buckets, { ...spans, first: spans.first - spans.over, to: spans.to - spans.over, over: window }, (at, lo, hi) =>
    ranges.set(at + spans.over, [lo, hi]),
  );
  const found: Point[] = [];
  eachSpan(buckets, spans, (at, lo, hi) => {
    const point = points.get(at);
    const [from, to] = ranges.get(at) ?? [lo, lo];
    const reference = recalibrationOf(slots, even(from, to), odd(from, to));
    const now = predicted(lo, hi);
    const all = scored(lo, hi);
    if (point === undefined) return;
    found.push(
      reference === undefined ? point : estimated(point, metric, { predicted: now, all }, reference, { window, maxError }),
    );
  });
  return found;
}

function estimated(
  point: Point,
  metric: EstimatedMetric,
  { predicted, all }: { predicted: Float64Array; all: number },
  { labels, before, after, chance, calibration }: NonNullable<ReturnType<typeof recalibrationOf>>,
  { window, maxError }: RecalibrateConfig,
): Point {
  const expected = calibration === undefined ? undefined : expectedOf(predicted, calibration);
  // Buckets written by an earlier Tocsin lack the predicted scores.
  const value = expected?.predictions === all ? estimateOf(metric, expected) : Number.NaN;
  const isUsed = Number.isFinite(value);
  const error = isUsed ? (after ?? before) : before;
  const one: Point = { ...point, calibrationError: error };
  if (isUsed) Object.assign(one, { value: Math.min(1, Math.max(0, value)), recalibrated: { labels, before } });
  if (error - chance <= maxError) return one;
  const left = after === undefined ? 'too few labels to recalibrate' : `after recalibration by ${after.toFixed(3)}`;
  const reason = `estimate refused: scores are off by ${before.toFixed(3)} on average on ${labels} labels of the ${formatDuration(window)} before, ${left}; more than maxError ${maxError} beyond chance`;
  return { ...one, refused: reason };
}
