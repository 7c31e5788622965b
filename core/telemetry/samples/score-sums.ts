import { isProbability } from './outcome-sums.ts';
import { addTo, joinedBins, mergedBins, mostScoreBins } from './score-bins.ts';
import { leafOf, type ScoreBins } from './score-tree.ts';

/**
 * Sums over predictions whose score is a probability of the positive class, labelled or not, and
 * where those scores are: see docs/adr/0073-scores-by-their-spread.md.
 */
export type ScoreSums = {
  /** Predictions with such a score, and the sum of the scores. */
  probable: number;
  probabilitySum: number;
  /** Those that predict the positive class. */
  positiveProbable: number;
  positiveProbabilitySum: number;
  /** Labelled predictions, by their label. */
  bins: ScoreBins;
  /**
   * All predictions, labelled or not, by predicted class. Absent in data of an earlier Tocsin.
   */
  predicted?: ScoreBins;
};

export const noScores = (): ScoreSums => ({
  probable: 0,
  probabilitySum: 0,
  positiveProbable: 0,
  positiveProbabilitySum: 0,
  bins: [],
});

export function addScore(sums: ScoreSums, isPositive: boolean, score: number): void {
  sums.probable += 1;
  sums.probabilitySum += score;
  sums.predicted = withScore(sums.predicted ?? [], score, isPositive, 1);
  if (!isPositive) return;
  sums.positiveProbable += 1;
  sums.positiveProbabilitySum += score;
}

export function addLabelledScore(sums: ScoreSums, label: string, score: number | undefined, times: 1 | -1 = 1): void {
  if (!isProbability(score) || (label !== '0' && label !== '1')) return;
  sums.bins = withScore(sums.bins, score, label === '1', times);
}

/** Changes the bins, or joins them: then they are others. */
function withScore(bins: ScoreBins, score: number, isPositive: boolean, times: 1 | -1): ScoreBins {
  addTo(bins, leafOf(score), isPositive ? 0 : times, isPositive ? times : 0);
  return bins.length > 3 * mostScoreBins ? joinedBins(bins) : bins;
}

export function mergeScores(a: ScoreSums | undefined, b: ScoreSums | undefined): ScoreSums | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const predicted =
    a.predicted === undefined || b.predicted === undefined ? (a.predicted ?? b.predicted) : mergedBins(a.predicted, b.predicted);
  return {
    probable: a.probable + b.probable,
    probabilitySum: a.probabilitySum + b.probabilitySum,
    positiveProbable: a.positiveProbable + b.positiveProbable,
    positiveProbabilitySum: a.positiveProbabilitySum + b.positiveProbabilitySum,
    bins: mergedBins(a.bins, b.bins),
    ...(predicted === undefined ? {} : { predicted }),
  };
}

/** By label, and all by predicted class. */
export const labelledScores = ({ bins }: ScoreSums): ScoreBins => bins;
export const predictedScores = ({ predicted = [] }: ScoreSums): ScoreBins => predicted;
