import { classesOf } from './samples/classes.ts';
import { numberOfOutcome, type OutcomeSums } from './samples/outcome-sums.ts';
import type { PredictionsSourceConfig } from './sources/kinds/predictions.ts';
import type { predictionMetrics } from './sources/kinds/predictions-query.ts';

export type PredictionMetric = (typeof predictionMetrics)[number];

/**
 * What a metric of predictions is about: `classes` compares classes, `positive` needs a positive
 * one among them, `probabilities` needs scores that are its probability, of two classes; `numbers`
 * subtracts. `anything` is about records, whatever they predict.
 */
export type About = 'classes' | 'positive' | 'probabilities' | 'numbers' | 'anything';

const abouts: Record<PredictionMetric, About> = {
  accuracy: 'classes',
  count: 'anything',
  labelled: 'anything',
  positive_rate: 'positive',
  score_mean: 'anything',
  precision: 'positive',
  recall: 'positive',
  f1: 'positive',
  auc: 'probabilities',
  log_loss: 'probabilities',
  brier: 'probabilities',
  mae: 'numbers',
  rmse: 'numbers',
  bias: 'numbers',
  estimated_accuracy: 'probabilities',
  estimated_precision: 'probabilities',
  estimated_recall: 'probabilities',
  estimated_f1: 'probabilities',
  duplicate_rate: 'anything',
  freshness: 'anything',
  score: 'anything',
  prediction: 'numbers',
  feature: 'anything',
  drift: 'anything',
  label_coverage: 'anything',
  label_delay: 'anything',
  unmatched_label_rate: 'anything',
  corrected_label_rate: 'anything',
  null_rate: 'anything',
  out_of_range_rate: 'anything',
  unseen_rate: 'anything',
  type_error_rate: 'anything',
};

export const aboutOf = (metric: PredictionMetric): About => abouts[metric];

const noProportions: readonly PredictionMetric[] = [
  'count',
  'labelled',
  'f1',
  'estimated_f1',
  'auc',
  'log_loss',
  'mae',
  'rmse',
  'bias',
  'freshness',
  'score',
  'prediction',
  'feature',
  'drift',
  'label_delay',
];

/**
 * Whether a metric is a mean of values in [0, 1], so that a Wilson interval means something. Of
 * `score_mean` only the source can tell.
 */
export const isProportion = (metric: PredictionMetric): boolean => !noProportions.includes(metric);

const forNumbers = 'take mae, rmse or bias';

/**
 * Why a metric means nothing by what its source declares, and what would; undefined if it may mean
 * something.
 */
export function meaninglessBy(metric: PredictionMetric, name: string, source: PredictionsSourceConfig): string | undefined {
  const about = aboutOf(metric);
  if (about === 'anything') return undefined;
  if (source.predicts === 'numbers')
    return about === 'numbers' ? undefined : `${metric} is about classes, and ${name} predicts numbers; ${forNumbers}`;
  const classes = classesOf(source);
  const areNames = source.positive !== undefined || classes?.some((one) => numberOfOutcome(one) === undefined) === true;
  if (about === 'numbers' && areNames)
    return `${metric} is about numbers, and ${name} predicts classes; take accuracy, precision, recall or f1`;
  if (about === 'probabilities' && source.score === 'number')
    return `${metric} needs scores that are probabilities, and those of ${name} are numbers; take score_mean, or send probabilities and remove \`score: number\` from the source`;
  if (classes === undefined || (about !== 'positive' && about !== 'probabilities')) return undefined;
  if (source.positive === undefined && !classes.includes('1'))
    return `${metric} needs a positive class, and none of ${name} is \`1\`; add \`positive: ${written(source.predicts?.[1])}\`, or another of its classes, to the source; or take accuracy`;
  if (about === 'probabilities' && classes.length > 2)
    return `${metric} needs two classes, and ${name} has ${classes.length}; take accuracy, precision, recall or f1`;
  return undefined;
}

/** What the labelled predictions of a source were, as far as their sums tell. */
export type SeenOutcomes = {
  labelled: number;
  /** Pairs of two numbers among them, and whether their differences have fractions. */
  numeric: number;
  hasFractions: boolean;
  /** Predictions or labels of the positive class. */
  positives: number;
};

/** What sums over labelled predictions say of them. */
export const seenIn = (
  labelled: number,
  { numeric, absoluteErrorSum, truePositive, falsePositive, falseNegative }: OutcomeSums,
): SeenOutcomes => ({
  labelled,
  numeric,
  hasFractions: isFraction(absoluteErrorSum, numeric),
  positives: truePositive + falsePositive + falseNegative,
});

/** Whether the errors of so many pairs add up to no whole number, but for rounding. */
export const isFraction = (errorSum: number, pairs: number): boolean =>
  Math.abs(errorSum - Math.round(errorSum)) > 1e-6 * Math.max(1, pairs);

/** The same by what was seen, where the source declares nothing about it. */
export function meaninglessBySeen(
  metric: PredictionMetric,
  name: string,
  seen: SeenOutcomes,
  source: Pick<PredictionsSourceConfig, 'predicts' | 'positive'>,
): string | undefined {
  const about = aboutOf(metric);
  if (seen.labelled === 0 || about === 'anything') return undefined;
  const of = `of ${seen.labelled} labelled predictions of ${name}`;
  if (seen.numeric === 0) {
    if (about === 'numbers') return `${metric} is about numbers, and ${of} none is one; take accuracy`;
    if (about !== 'classes' && seen.positives === 0 && source.positive === undefined)
      return `${metric} needs a positive class, and ${of} none is \`1\`; add \`positive: NAME\`, with the class that counts as positive, to the source; or take accuracy`;
  }
  if (about !== 'numbers' && source.predicts === undefined && seen.hasFractions && seen.numeric === seen.labelled)
    return `${metric} is about classes, and ${of} all are numbers with fractions; ${forNumbers}`;
  return undefined;
}

/** A class as a config holds it: a number only in quotes. */
const written = (one: string | boolean | undefined): string =>
  typeof one === 'string' && !Number.isNaN(Number(one)) ? JSON.stringify(one) : String(one);
