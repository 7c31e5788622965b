import { type Histogram, pooledError, scoreBins } from './score-sums.ts';

/** What a score of each hundredth means: the share of positives among predictions with it. */
export type Calibration = Float64Array;

/** With fewer labels than this in either half of the reference, chance decides what a recalibration looks like. */
const leastLabels = 100;

/**
 * Isotonic regression of the share of positives on the score, from counts in bins: the non-decreasing step function that is nearest
 * by squares, weighted by counts; between bins that hold any, and only there, on the straight line from one to the next.
 * Sources: M. Ayer et al., An empirical distribution function for sampling with incomplete information, Annals of Mathematical Statistics
 * 26 (1955) 641-647 (pooling adjacent violators); B. Zadrozny, C. Elkan, Transforming classifier scores into accurate multiclass
 * probability estimates, KDD 2002. Undefined where no bin holds any.
 */
export function isotonic(histogram: Histogram): Calibration | undefined {
  const blocks: { positives: number; count: number; bins: number[] }[] = [];
  for (let bin = 0; bin < scoreBins; bin += 1) {
    const positives = histogram[2 * bin + 1] as number;
    const count = positives + (histogram[2 * bin] as number);
    if (!(count > 0)) continue;
    let block = { positives, count, bins: [bin] };
    for (
      let last = blocks.at(-1);
      last !== undefined && last.positives * block.count >= block.positives * last.count;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = {
        positives: last.positives + block.positives,
        count: last.count + block.count,
        bins: [...last.bins, ...block.bins],
      };
    }
    blocks.push(block);
  }
  if (blocks.length === 0) return undefined;
  const known = blocks.flatMap(({ positives, count, bins }) => bins.map((bin) => ({ bin, share: positives / count })));
  const calibration = new Float64Array(scoreBins);
  let next = 0;
  for (let bin = 0; bin < scoreBins; bin += 1) {
    while (next < known.length && (known[next] as { bin: number }).bin < bin) next += 1;
    const [below, above] = [known[next - 1], known[next]];
    const right = above ?? (below as (typeof known)[number]);
    const left = below ?? right;
    const along = right.bin === left.bin ? 0 : Math.min(1, (bin - left.bin) / (right.bin - left.bin));
    calibration[bin] = left.share + along * (right.share - left.share);
  }
  return calibration;
}

/** How far scores are off on labelled reference windows, and what they mean where recalibrating them leaves less. */
export type Recalibration = {
  labels: number;
  /** Expected calibration error of the scores as they are, of those recalibrated (on labels that they were not fitted on), and by chance alone. */
  before: number;
  after: number | undefined;
  chance: number;
  calibration: Calibration | undefined;
};

/**
 * Fits scores on one half of the reference and tries them on the other, both ways; what is used is fitted on both. Undefined where
 * there are too few labels to say anything.
 */
export function recalibrationOf(first: Histogram, second: Histogram): Recalibration | undefined {
  const all = first.map((count, i) => count + (second[i] as number));
  const [a, b] = [labelsIn(first), labelsIn(second)];
  if (a + b < leastLabels) return undefined;
  const raw = pooledError(all);
  const found: Recalibration = { labels: a + b, before: raw.error, after: undefined, chance: raw.chance, calibration: undefined };
  if (a < leastLabels || b < leastLabels) return found;
  const after = (b * pooledError(second, isotonic(first)).error + a * pooledError(first, isotonic(second)).error) / (a + b);
  return { ...found, after, ...(after < found.before && { calibration: isotonic(all) }) };
}

function labelsIn(histogram: Histogram): number {
  let sum = 0;
  for (const count of histogram) sum += count;
  return sum;
}

/** The counts of an estimate: predictions by score and predicted class, with what their scores mean. */
export type Expected = {
  predictions: number;
  predictedPositive: number;
  positives: number;
  truePositive: number;
  trueNegative: number;
};

/** Confidence-based performance estimation from binned counts: each prediction adds what its score means. */
export function expectedOf(predicted: Histogram, calibration: Calibration): Expected {
  const sum: Expected = { predictions: 0, predictedPositive: 0, positives: 0, truePositive: 0, trueNegative: 0 };
  for (let bin = 0; bin < scoreBins; bin += 1) {
    const share = calibration[bin] as number;
    const [negative, positive] = [predicted[2 * bin] as number, predicted[2 * bin + 1] as number];
    sum.predictions += negative + positive;
    sum.predictedPositive += positive;
    sum.positives += share * (negative + positive);
    sum.truePositive += share * positive;
    sum.trueNegative += (1 - share) * negative;
  }
  return sum;
}

export type EstimatedMetric = 'estimated_accuracy' | 'estimated_precision' | 'estimated_recall' | 'estimated_f1';

/** NaN where nothing was predicted that the metric is about. */
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
