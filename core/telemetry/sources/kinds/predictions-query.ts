import * as z from 'zod';
import { percent, positiveDuration } from '../../../vocabulary/units.ts';
import { percentileNames, shareSchema } from '../statistics.ts';

/**
 * The numbers of predictions themselves: their scores, what a regression predicts, and the values
 * of features.
 */
export const spreadMetrics = ['score', 'prediction', 'feature'] as const;
/** A histogram takes about 1 kB of a bucket, which is one document on AWS. */
export const mostSpreadFeatures = 100;

/** Metrics with one series a feature. */
export const featureMetrics = ['null_rate', 'out_of_range_rate', 'unseen_rate', 'type_error_rate'] as const;

/** Metrics of labels by the time at which they came; one series for the whole model. */
export const labelArrivalMetrics = ['label_delay', 'unmatched_label_rate', 'corrected_label_rate'] as const;

export const predictionMetrics = [
  'accuracy',
  'count',
  'labelled',
  'positive_rate',
  'score_mean',
  'precision',
  'recall',
  'f1',
  'auc',
  'log_loss',
  'brier',
  'mae',
  'rmse',
  'bias',
  'estimated_accuracy',
  'estimated_precision',
  'estimated_recall',
  'estimated_f1',
  'duplicate_rate',
  'freshness',
  'drift',
  'label_coverage',
  ...spreadMetrics,
  ...labelArrivalMetrics,
  ...featureMetrics,
] as const;

export const predictionsQuery = z.strictObject({
  metric: z
    .enum(predictionMetrics)
    .describe(
      'What is computed from the records; docs/judging.md explains each. `labelled` counts predictions that have their label; freshness is the age of the newest record in seconds; label_delay is the mean time from a prediction to its label in seconds; `score`, `prediction` and `feature` are the scores, the predicted numbers and the values of `features` themselves, by `statistic` or `share`; drift is for the rule kind `drift`.',
    ),
  over: positiveDuration.describe('The time span that one point summarises, such as 24h.'),
  statistic: z
    .enum(percentileNames)
    .optional()
    .describe('For `score`, `prediction` and `feature`: the percentile. `p95` is the value that 95% of them do not exceed.'),
  share: shareSchema
    .optional()
    .describe('For `score`, `prediction` and `feature`, in place of a statistic: the share above or below a number.'),
  after: positiveDuration
    .optional()
    .describe('For `label_coverage`: only predictions that are at least this old, so that their labels had time to come.'),
  by: z
    .array(z.string())
    .prefault([])
    .describe(
      'One series per value of these: `version`, `feature`, or one or two segments of the source. A share by segment is judged with evidence over all of them. Metrics of features always have one per feature.',
    ),
  features: z.array(z.string()).optional().describe('For the metrics of features: only these. `feature` needs them.'),
  version: z.string().optional().describe('Only this model version.'),
  recalibrate: z
    .strictObject({
      window: positiveDuration.prefault('30d').describe('How far before each point labels are used to calibrate scores.'),
      maxError: percent
        .refine((share) => share > 0 && share < 1, { error: 'expected a share between 0% and 100%' })
        .prefault('10%')
        .describe('Above this average calibration error (beyond chance) no estimate is made; the point is refused.'),
    })
    .optional()
    .describe('For the `estimated_` metrics: recalibrates scores by isotonic regression where labels show that it helps.'),
});
