import * as z from 'zod';
import { labels, name } from '../../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../../vocabulary/units.ts';
import { alertsSource } from './alerts-source-schema.ts';

const predictionColumns = z.strictObject({
  id: z.string().optional().describe('Column with an id of the prediction, which a label that comes later names.'),
  timestamp: z
    .string()
    .prefault('timestamp')
    .describe('Column with the time of the prediction (ISO 8601; UTC when no offset is given).'),
  timestampUnit: z
    .enum(['instant', 'year'])
    .prefault('instant')
    .describe('`year`: the column holds only a year; its rows are spread evenly over that year in file order.'),
  prediction: z.string().prefault('prediction').describe('Column with the predicted class or value.'),
  score: z.string().optional().describe('Column with the score or probability behind the prediction.'),
  label: z.string().optional().describe('Column with what turned out to be true.'),
  version: z.string().optional().describe('Column with the version of the model.'),
  features: z.array(z.string()).optional().describe('Columns that are features; all other columns when left out.'),
});

const featureSchema = z
  .strictObject({
    type: z.enum(['number', 'integer', 'category', 'boolean', 'text']).describe('A category is a text of which there are few.'),
    min: z.number().optional().describe('Numbers below are out of range.'),
    max: z.number().optional().describe('Numbers above are out of range.'),
    values: z.array(z.string()).min(1).max(10_000).optional().describe('The categories there are; any other one is unseen.'),
    optional: z.boolean().prefault(false).describe('false: a record without it counts as one in which it is null.'),
  })
  .superRefine(({ type, min, max, values }, ctx) => {
    const isNumber = type === 'number' || type === 'integer';
    const refuse = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (min !== undefined && !isNumber) refuse('min', `expected no min for a ${type}`);
    if (max !== undefined && !isNumber) refuse('max', `expected no max for a ${type}`);
    if (values !== undefined && type !== 'category') refuse('values', `expected no values for a ${type}`);
    if (min !== undefined && max !== undefined && min > max) refuse('max', 'expected max to be at least min');
  });

export type FeatureSchema = z.output<typeof featureSchema>;

const sampleColumns = z.strictObject({
  timestamp: z.string().prefault('timestamp').describe('Column with the time of the sample.'),
  value: z.string().prefault('value').describe('Column with its value.'),
  metric: z.string().optional().describe('Column naming the metric; the file name without its ending when left out.'),
});

const sourceLabels = 'Labels of every series of this source, such as `environment: production`.';

const predictionsSource = z.strictObject({
  kind: z.literal('predictions').describe('Records of single predictions, sent over HTTP or read from files.'),
  model: name.describe('The model whose predictions these are; becomes the label `model` of every series.'),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault('1h').describe('Records are folded into buckets this long.'),
  retain: positiveDuration.prefault('90d').describe('How long buckets are kept; older records are refused.'),
  labelWait: positiveDuration.prefault('7d').describe('How long a prediction waits for its label.'),
  features: z.array(z.string()).optional().describe('Features every record must carry; one that is missing counts as null.'),
  schema: z
    .record(z.string().min(1).max(128), featureSchema)
    .optional()
    .describe('What features are declared to be, by name; for out_of_range_rate, unseen_rate and type_error_rate.'),
  profiles: z
    .union([z.boolean(), z.array(z.string().min(1).max(128)).min(1).max(500)], {
      error: 'expected true, false or a list of features',
    })
    .prefault(false)
    .describe(
      'Features whose values are summarised, for drift; true: all of `features` and `schema`. Takes about 5 kB a feature and `profileBucket`.',
    ),
  promotion: z
    .enum(['first traffic', 'explicit'])
    .prefault('first traffic')
    .describe(
      'Which version of the model counts as served, for training baselines: the one whose first records came last, or the one that was promoted (`tocsin baseline promote`, or the API). A promotion counts in either case.',
    ),
  segments: z
    .record(z.string().min(1).max(128), z.array(z.string().min(1).max(256)).min(1).max(20))
    .refine((all) => Object.values(all).every((values) => !values.includes('other')), {
      error: 'expected values other than `other`, which is what holds all that is not listed',
    })
    .optional()
    .describe(
      'Features by whose values everything is counted apart as well, with the values there are, at most 20: `country: [DE, FR]`. All other values, and records without one, are `other`. For `by` of a query.',
    ),
  profileBucket: positiveDuration.prefault('1d').describe('Values of features are summarised over spans this long.'),
  columns: predictionColumns.optional().describe('How columns of a CSV file map to a prediction record.'),
});

const samplesSource = z.strictObject({
  kind: z.literal('samples').describe('Samples of any metric, sent over HTTP or read from files.'),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault('1m').describe('Samples are folded into buckets this long.'),
  retain: positiveDuration.prefault('30d').describe('How long buckets are kept; older samples are refused.'),
  columns: sampleColumns.optional().describe('How columns of a CSV file map to a sample.'),
});

const cloudwatchSource = z.strictObject({
  kind: z.literal('cloudwatch').describe('Metrics of Amazon CloudWatch, read with GetMetricData.'),
  region: z.string().optional().describe('The region of the metrics; that of the deployment when left out.'),
  labels: labels.prefault({}).describe(sourceLabels),
  lag: duration
    .prefault('2m')
    .describe('Datapoints younger than this may still be late or revised, and are left for the next evaluation.'),
});

export const sourceSchema = z.discriminatedUnion('kind', [predictionsSource, samplesSource, cloudwatchSource, alertsSource]);

export type SourceConfig = z.output<typeof sourceSchema>;
export type AlertsSourceConfig = Extract<SourceConfig, { kind: 'alerts' }>;
export type PredictionsSourceConfig = Extract<SourceConfig, { kind: 'predictions' }>;
export type SamplesSourceConfig = Extract<SourceConfig, { kind: 'samples' }>;
export type CloudwatchSourceConfig = Extract<SourceConfig, { kind: 'cloudwatch' }>;
