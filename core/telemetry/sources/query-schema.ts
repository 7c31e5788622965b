import * as z from 'zod';
import { exactlyOne, matchers } from '../../vocabulary/schema-parts.ts';
import { percent, positiveDuration } from '../../vocabulary/units.ts';

/** Metrics with one series a feature. */
export const featureMetrics = ['null_rate', 'out_of_range_rate', 'unseen_rate', 'type_error_rate'] as const;

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
  ...featureMetrics,
] as const;

const predictionsQuery = z.strictObject({
  metric: z
    .enum(predictionMetrics)
    .describe(
      'What is computed from the records; docs/judging.md tells of each. `labelled` counts those whose label has come; freshness is the age of the newest record in seconds; drift is for the rule kind `drift`.',
    ),
  over: positiveDuration.describe('The span of time that one point summarises, such as 24h.'),
  by: z
    .array(z.string())
    .prefault([])
    .describe(
      'One series for each value of these: `version`, `feature`, or one segment of the source; the metrics of features always have one for each feature.',
    ),
  features: z.array(z.string()).optional().describe('For the metrics of features: only these.'),
  version: z.string().optional().describe('Only this model version.'),
  recalibrate: z
    .strictObject({
      window: positiveDuration.prefault('30d').describe('Labels of so long before each point say what scores mean.'),
      maxError: percent
        .refine((share) => share > 0 && share < 1, { error: 'expected a share between 0% and 100%' })
        .prefault('10%')
        .describe(
          'Scores that stay off by more than this on average, beyond chance, are good for no estimate, and it is refused.',
        ),
    })
    .optional()
    .describe('For the `estimated_` metrics: scores are recalibrated by isotonic regression where labels show that it helps.'),
});

const statistic = z.enum(['mean', 'sum', 'min', 'max', 'count', 'last', 'age']);

const samplesQuery = z.strictObject({
  metric: z.string().min(1).describe('Name of the metric, as it was sent.'),
  match: matchers.prefault({}).describe('Only series with these labels.'),
  statistic: statistic
    .prefault('mean')
    .describe('How the samples of a point become its value; `age` is how long ago the last one came, in seconds.'),
  over: positiveDuration.optional().describe("The span of time that one point summarises; the rule's step when left out."),
});

const cloudwatchMetric = z.strictObject({
  namespace: z.string().describe('Such as `AWS/SageMaker`.'),
  metric: z.string().describe('Name of the metric, such as `ModelLatency`.'),
  dimensions: z.record(z.string(), z.string()).prefault({}).describe('All dimensions of the metric, with their values.'),
  statistic: z.string().prefault('Average').describe('Average, Sum, Minimum, Maximum, SampleCount, p99, tm99, ...'),
});

const cloudwatchQuery = z
  .strictObject({
    metric: cloudwatchMetric.optional().describe('One metric.'),
    expression: z.string().optional().describe('Metric math over the names of `metrics`.'),
    metrics: z
      .record(
        z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, {
          error: 'expected a name that begins with a small letter, of letters, digits and "_", as metric math wants it',
        }),
        cloudwatchMetric,
      )
      .optional()
      .describe('The metrics that `expression` names.'),
    sql: z.string().optional().describe('A Metrics Insights query; one series for each group.'),
    count: cloudwatchMetric
      .optional()
      .describe('Number of samples behind each value, for `samples.minCount` and the Wilson interval.'),
  })
  .superRefine(exactlyOne(['metric', 'expression', 'sql']))
  .superRefine((query, ctx) => {
    if (query.expression !== undefined && query.metrics === undefined) {
      ctx.addIssue({ code: 'custom', path: ['metrics'], message: 'expected `metrics`, the metrics that `expression` names' });
    }
  });

export const querySchema = z
  .strictObject({
    predictions: predictionsQuery.optional().describe('For a source of the kind predictions.'),
    samples: samplesQuery.optional().describe('For a source of the kind samples.'),
    cloudwatch: cloudwatchQuery
      .optional()
      .describe('For a source of the kind cloudwatch: `metric`, or `expression` with `metrics`, or `sql`.'),
  })
  .superRefine(exactlyOne(['predictions', 'samples', 'cloudwatch']));

export type RuleQuery = z.output<typeof querySchema>;
