import { isProbability } from './outcome-sums.ts';

/** Bins between scores 0 and 1. */
export const scoreBins = 100;

/**
 * Sums over predictions whose score is a probability of the positive class, labelled or not, and a
 * histogram of the labelled scores.
 */
export type ScoreSums = {
  /** Predictions with such a score, and the sum of the scores. */
  probable: number;
  probabilitySum: number;
  /** Those that predict the positive class. */
  positiveProbable: number;
  positiveProbabilitySum: number;
  /** Non-empty bins: labelled predictions with a negative and a positive label. */
  bins: Record<string, [negative: number, positive: number]>;
  /**
   * Per bin, all predictions by predicted class, labelled or not. Absent in data of an earlier
   * Tocsin.
   */
  predicted?: Record<string, [negative: number, positive: number]>;
};

export const noScores = (): ScoreSums => ({
  probable: 0,
  probabilitySum: 0,
  positiveProbable: 0,
  positiveProbabilitySum: 0,
  bins: {},
});

export function addScore(sums: ScoreSums, isPositive: boolean, score: number): void {
  sums.probable += 1;
  sums.probabilitySum += score;
  sums.predicted ??= {};
  addTo(sums.predicted, score, isPositive);
  if (!isPositive) return;
  sums.positiveProbable += 1;
  sums.positiveProbabilitySum += score;
}

export function addLabelledScore(sums: ScoreSums, label: string, score: number | undefined, times: 1 | -1 = 1): void {
  if (!isProbability(score) || (label !== '0' && label !== '1')) return;
  addTo(sums.bins, score, label === '1', times);
}

function addTo(bins: ScoreSums['bins'], score: number, isPositive: boolean, times: 1 | -1 = 1): void {
  const bin = String(Math.min(scoreBins - 1, Math.floor(score * scoreBins)));
  const [negative, positive] = bins[bin] ?? [0, 0];
  bins[bin] = isPositive ? [negative, positive + times] : [negative + times, positive];
}

export function mergeScores(a: ScoreSums | undefined, b: ScoreSums | undefined): ScoreSums | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const predicted =
    a.predicted === undefined || b.predicted === undefined ? (a.predicted ?? b.predicted) : both(a.predicted, b.predicted);
  return {
    probable: a.probable + b.probable,
    probabilitySum: a.probabilitySum + b.probabilitySum,
    positiveProbable: a.positiveProbable + b.positiveProbable,
    positiveProbabilitySum: a.positiveProbabilitySum + b.positiveProbabilitySum,
    bins: both(a.bins, b.bins),
    ...(predicted === undefined ? {} : { predicted }),
  };
}

function both(a: ScoreSums['bins'], b: ScoreSums['bins']): ScoreSums['bins'] {
  const bins: ScoreSums['bins'] = { ...a };
  for (const [bin, [negative, positive]] of Object.entries(b)) {
    const known = bins[bin] ?? [0, 0];
    bins[bin] = [known[0] + negative, known[1] + positive];
  }
  return bins;
}

/** All scores by predicted class. */
export const predictedScores = ({ predicted = {} }: ScoreSums): ScoreSums['bins'] => predicted;

/** Labelled scores of a window: negatives of bin b at 2 b, positives at 2 b + 1. */
export type Histogram = Float64Array;

/**
 * Histograms of index ranges [lo, hi) that only move forwards. Counts are integers, so subtraction
 * is exact. Reuses one array.
 */
export function movingHistogram(
  sumsAt: (index: number) => ScoreSums | undefined,
  binsOf: (sums: ScoreSums) => ScoreSums['bins'] = ({ bins }) => bins,
): (lo: number, hi: number) => Histogram {
  const histogram = new Float64Array(2 * scoreBins);
  let from = 0;
  let to = 0;
  const add = (index: number, times: 1 | -1): void => {
    const sums = sumsAt(index);
    for (const [bin, [negative, positive]] of Object.entries(sums === undefined ? {} : binsOf(sums))) {
      const place = 2 * Number(bin);
      if (place + 1 >= histogram.length) continue;
      histogram[place] = (histogram[place] as number) + times * negative;
      histogram[place + 1] = (histogram[place + 1] as number) + times * positive;
    }
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

/**
 * The area under the ROC curve: the share of positive-negative pairs in which the positive scores
 * higher, ties counting half (Mann-Whitney). Pairs within one bin count as ties, so the exact value
 * lies within `errorBound`, half their share. Undefined unless both classes occur.
 */
export function aucOf(histogram: Histogram): { auc: number; errorBound: number; count: number } | undefined {
  let negatives = 0;
  let positives = 0;
  let won = 0;
  let tied = 0;
  for (let bin = 0; bin < histogram.length; bin += 2) {
    const negative = histogram[bin] as number;
    const positive = histogram[bin + 1] as number;
    won += positive * negatives;
    tied += positive * negative;
    negatives += negative;
    positives += positive;
  }
  const pairs = negatives * positives;
  if (pairs === 0) return undefined;
  return { auc: (won + tied / 2) / pairs, errorBound: tied / 2 / pairs, count: negatives + positives };
}

/** With fewer labels, calibrated scores look uncalibrated by chance. */
const minLabels = 100;
/** Pools bins by tens, for the same reason. */
const pooled = 10;

/**
 * The expected calibration error: the difference between scores and the positive share, averaged
 * over ten bins weighted by size; a score counts as the middle of its hundredth. Undefined with too
 * few labels. Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, Obtaining well calibrated
 * probabilities using Bayesian binning, AAAI 2015.
 */
export function calibrationError(histogram: Histogram): number | undefined {
  const { error, count } = pooledError(histogram);
  return count < minLabels ? undefined : error;
}

/**
 * The same for scores with the meanings in `calibration`, and the average error by chance if those
 * meanings were true (the mean size of a normal deviate is sqrt(2 / pi)). NaN without labels.
 */
export function pooledError(histogram: Histogram, calibration?: Float64Array): { error: number; chance: number; count: number } {
  let count = 0;
  let off = 0;
  let chance = 0;
  for (let first = 0; first < scoreBins; first += pooled) {
    let difference = 0;
    let variance = 0;
    for (let bin = first; bin < first + pooled; bin += 1) {
      const negative = histogram[2 * bin] as number;
      const positive = histogram[2 * bin + 1] as number;
      const share = calibration?.[bin] ?? (bin + 0.5) / scoreBins;
      count += negative + positive;
      difference += positive - share * (negative + positive);
      variance += share * (1 - share) * (negative + positive);
    }
    off += Math.abs(difference);
    chance += Math.sqrt((2 / Math.PI) * variance);
  }
  return { error: off / count, chance: chance / count, count };
}
