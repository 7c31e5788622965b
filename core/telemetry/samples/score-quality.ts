import type { Histogram, ScoreSlots, ScoresOfWindow } from './score-slots.ts';

/**
 * The area under the ROC curve: the share of positive-negative pairs in which the positive scores
 * higher, ties counting half (Mann-Whitney). Pairs whose slots overlap count as ties, so the exact
 * value lies within `errorBound`, half their share. Undefined unless both classes occur.
 */
export function aucOf({
  slots: { byEnd, ended },
  histogram,
}: ScoresOfWindow): { auc: number; errorBound: number; count: number } | undefined {
  const size = byEnd.length;
  const negativesUpTo = new Float64Array(size + 1);
  const positivesUpTo = new Float64Array(size + 1);
  for (const [i, slot] of byEnd.entries()) {
    negativesUpTo[i + 1] = (negativesUpTo[i] as number) + (histogram[2 * slot] as number);
    positivesUpTo[i + 1] = (positivesUpTo[i] as number) + (histogram[2 * slot + 1] as number);
  }
  let [won, lost] = [0, 0];
  for (let slot = 0; slot < size; slot += 1) {
    won += (histogram[2 * slot + 1] as number) * (negativesUpTo[ended[slot] as number] as number);
    lost += (histogram[2 * slot] as number) * (positivesUpTo[ended[slot] as number] as number);
  }
  const [negatives, positives] = [negativesUpTo[size] as number, positivesUpTo[size] as number];
  const pairs = negatives * positives;
  if (!(pairs > 0)) return undefined;
  const tied = pairs - won - lost;
  return { auc: (won + tied / 2) / pairs, errorBound: tied / 2 / pairs, count: negatives + positives };
}

/** With fewer labels, calibrated scores look uncalibrated by chance. */
const minLabels = 100;
/** Scores are pooled into so many groups, for the same reason. */
const pooledGroups = 10;

/**
 * The expected calibration error: the difference between scores and the positive share, averaged
 * over ten groups of about equally many scores. Undefined with too few labels. Sources: M. P.
 * Naeini, G. F. Cooper, M. Hauskrecht, Obtaining well calibrated probabilities using Bayesian
 * binning, AAAI 2015; groups of equal size: K. Nguyen, B. O'Connor, Posterior calibration and
 * exploratory analysis for natural language processing models, EMNLP 2015.
 */
export function calibrationError({ slots, histogram }: ScoresOfWindow): number | undefined {
  const { error, count } = pooledError(slots, histogram);
  return count < minLabels ? undefined : error;
}

/**
 * The same for scores with the meanings in `calibration`, and the average error by chance if those
 * meanings were true (the mean size of a normal deviate is sqrt(2 / pi)). NaN without labels.
 */
export function pooledError(
  { middles }: ScoreSlots,
  histogram: Histogram,
  calibration: Float64Array = middles,
): { error: number; chance: number; count: number } {
  let count = 0;
  for (const one of histogram) count += one;
  let [off, chance] = [0, 0];
  let [seen, group, difference, variance] = [0, 1, 0, 0];
  for (let slot = 0; slot < middles.length; slot += 1) {
    const [negative, positive] = [histogram[2 * slot] as number, histogram[2 * slot + 1] as number];
    const share = calibration[slot] as number;
    seen += negative + positive;
    difference += positive - share * (negative + positive);
    variance += share * (1 - share) * (negative + positive);
    if (seen < (group * count) / pooledGroups && slot < middles.length - 1) continue;
    off += Math.abs(difference);
    chance += Math.sqrt((2 / Math.PI) * variance);
    [difference, variance] = [0, 0];
    while (group < pooledGroups && seen >= (group * count) / pooledGroups) group += 1;
  }
  return { error: off / count, chance: chance / count, count };
}
