import type { predictionMetrics } from './sources/kinds/predictions-query.ts';
import type { SamplesQuery } from './sources/kinds/samples.ts';
import type { RuleQuery } from './sources/query-schema.ts';

/** The values a metric can have, as far as known. */
export type Range = { min?: number | undefined; max?: number | undefined };

const share: Range = { min: 0, max: 1 };
const notNegative: Range = { min: 0 };
const unknown: Range = {};

/** A likelihood counts as at least 1e-15, so a record costs at most this much. */
const highestLogLoss = -Math.log(1e-15);

/** By metric of predictions; an age depends on the query. */
const predictionRanges: Record<Exclude<(typeof predictionMetrics)[number], 'freshness'>, Range> = {
  accuracy: share,
  count: notNegative,
  labelled: notNegative,
  positive_rate: share,
  score_mean: unknown,
  precision: share,
  recall: share,
  f1: share,
  auc: share,
  log_loss: { min: 0, max: highestLogLoss },
  brier: share,
  mae: notNegative,
  rmse: notNegative,
  bias: unknown,
  estimated_accuracy: share,
  estimated_precision: share,
  estimated_recall: share,
  estimated_f1: share,
  duplicate_rate: share,
  label_coverage: share,
  label_delay: notNegative,
  unmatched_label_rate: share,
  corrected_label_rate: share,
  score: unknown,
  feature: unknown,
  prediction: unknown,
  drift: notNegative,
  null_rate: share,
  out_of_range_rate: share,
  unseen_rate: share,
  type_error_rate: share,
};

/** The ends of a metric of predictions, whatever the query. An age is in seconds. */
export const rangeOfMetric = (metric: (typeof predictionMetrics)[number]): Range =>
  metric === 'freshness' ? notNegative : predictionRanges[metric];

/**
 * The ends of a query's metric that follow from the query alone. `step`: the rule's, in
 * milliseconds.
 */
export function rangeOfQuery({ predictions, samples, otlp, cloudwatch }: RuleQuery, step: number): Range {
  if (predictions !== undefined) {
    if (predictions.share !== undefined) return share;
    return predictions.metric === 'freshness' ? ageUpTo(predictions.over) : predictionRanges[predictions.metric];
  }
  if (samples !== undefined) return rangeOfSamples(samples, step);
  if (otlp !== undefined)
    return otlp.statistic === 'share' ? share : ['count', 'rate'].includes(otlp.statistic) ? notNegative : unknown;
  return cloudwatch?.metric?.statistic === 'SampleCount' ? notNegative : unknown;
}

function rangeOfSamples({ statistic, ratio, over }: SamplesQuery, step: number): Range {
  switch (statistic) {
    case 'count':
    case 'rate':
      return notNegative;
    case 'share':
      return share;
    case 'ratio':
      return ratio?.proportion === true ? share : unknown;
    case 'age':
      return ageUpTo(over ?? step);
    default:
      return unknown;
  }
}

/** An age is in seconds, and the whole span where there is nothing in it. */
const ageUpTo = (over: number): Range => ({ min: 0, max: over / 1000 });
