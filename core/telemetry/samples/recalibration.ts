import { pooledError } from './score-quality.ts';
import type { Histogram, ScoreSlots } from './score-slots.ts';

/** The meaning of the scores of each slot: the share of positives among predictions with it. */
export type Calibration = Float64Array;

/** With fewer labels in either half of the reference, a recalibration is mostly noise. */
const leastLabels = 100;

/**
 * Isotonic regression of the positive share on the score, from binned counts: the nearest
 * non-decreasing step function by weighted least squares, linear between slots that hold counts.
 * Undefined if no slot holds any. Sources: M. Ayer et al., An empirical distribution function for
 * sampling with incomplete information, Annals of Mathematical Statistics 26 (1955) 641-647
 * (pooling adjacent violators); B. Zadrozny, C. Elkan, Transforming classifier scores into accurate
 * multiclass probability estimates, KDD 2002.
 */
export function isotonic({ middles }: ScoreSlots, histogram: Histogram): Calibration | undefined {
  const blocks: { positives: number; count: number; slots: number[] }[] = [];
  for (let slot = 0; slot < middles.length; slot += 1) {
    const positives = histogram[2 * slot + 1] as number;
    const count = positives + (histogram[2 * slot] as number);
    if (!(count > 0)) continue;
    let block = { positives, count, slots: [slot] };
    for (
      let last = blocks.at(-1);
      last !== undefined && last.positives * block.count >= block.positives * last.count;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = {
        positives: last.positives + block.positives,
        count: last.count + block.count,
        slots: [...last.slots, ...block.slots],
      };
    }
    blocks.push(block);
  }
  if (blocks.length === 0) return undefined;
  const known = blocks.flatMap(({ positives, count, slots }) =>
    slots.map((slot) => ({ slot, score: middles[slot] as number, share: positives / count })),
  );
  const calibration = new Float64Array(middles.length);
  let next = 0;
  for (let slot = 0; slot < middles.length; slot += 1) {
    const score = middles[slot] as number;
    while (next < known.length && (known[next] as { slot: number }).slot < slot) next += 1;
    const [below, above] = [known[next - 1], known[next]];
    const right = above ?? (below as (typeof known)[number]);
    const left = below ?? right;
    const along = right.slot === left.slot ? 0 : Math.min(1, (score - left.score) / (right.score - left.score));
    calibration[slot] = left.share + along * (right.share - left.share);
  }
  return calibration;
}

/**
 * How far off scores are on labelled reference windows, and their meaning if recalibration reduces
 * that.
 */
export type Recalibration = {
  labels: number;
  /**
   * Expected calibration error: of raw scores, of recalibrated ones (cross-fitted), and by chance
   * alone.
   */
  before: number;
  after: number | undefined;
  chance: number;
  calibration: Calibration | undefined;
};

/**
 * Fits on one half of the reference and tests on the other, both ways; the result is fitted on both
 * halves. Undefined if there are too few labels.
 */
export function recalibrationOf(slots: ScoreSlots, first: Histogram, second: Histogram): Recalibration | undefined {
  const all = first.map((count, i) => count + (second[i] as number));
  const [a, b] = [labelsIn(first), labelsIn(second)];
  if (a + b < leastLabels) return undefined;
  const raw = pooledError(slots, all);
  const found: Recalibration = { labels: a + b, before: raw.error, after: undefined, chance: raw.chance, calibration: undefined };
  if (a < leastLabels || b < leastLabels) return found;
  const after =
    (b * pooledError(slots, second, isotonic(slots, first)).error +
      a * pooledError(slots, first, isotonic(slots, second)).error) /
    (a + b);
  return { ...found, after, ...(after < found.before && { calibration: isotonic(slots, all) }) };
}

function labelsIn(histogram: Histogram): number {
  let sum = 0;
  for (const count of histogram) sum += count;
  return sum;
}

/** Expected counts: predictions by score and predicted class, weighted by what the scores mean. */
export type Expected = {
  predictions: number;
  predictedPositive: number;
  positives: number;
  truePositive: number;
  trueNegative: number;
};

/** Confidence-based performance estimation from binned counts. */
export function expectedOf(predicted: Histogram, calibration: Calibration): Expected {
  const sum: Expected = { predictions: 0, predictedPositive: 0, positives: 0, truePositive: 0, trueNegative: 0 };
  for (const [slot, share] of calibration.entries()) {
    const [negative, positive] = [predicted[2 * slot] as number, predicted[2 * slot + 1] as number];
    sum.predictions += negative + positive;
    sum.predictedPositive += positive;
    sum.positives += share * (negative + positive);
    sum.truePositive += share * positive;
    sum.trueNegative += (1 - share) * negative;
  }
  return sum;
}

export type EstimatedMetric = 'estimated_accuracy' | 'estimated_precision' | 'estimated_recall' | 'estimated_f1';

/** NaN if no prediction falls into the metric's denominator. */
export function estimateOf(
  metric: EstimatedMetric,
  { predictions, predictedPositive, positives, truePositive, trueNegative }: Expected,
): number {
  switch (metric) {
    case 'estimated_accuracy':
      return (truePositive + trueNegative) / predictions;
    case 'estimated_precision':
      return truePositive / predictedPositive;
    case 'estimated_recall':
      return truePositive / positives;
    case 'estimated_f1':
      return truePositive / ((predictedPositive + positives) / 2);
  }
}
