import * as z from 'zod';
import { labels, name } from '../../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';
import { featureSchema } from './feature-schema.ts';
import { predictionColumns } from './prediction-columns.ts';
import { predictionsQuery } from './predictions-query.ts';

/**
 * No number: of 01, and of an id with 19 digits, only another number would be left, which no record
 * names.
 */
const outcomeClass = z.union([z.string().min(1).max(256), z.boolean()], {
  error: 'expected the name of a class, in quotes if it is a number',
});

const predictionsSource = z.strictObject({
  kind: z.literal('predictions').describe('Single predictions, sent over HTTP or read from files.'),
  model: name.describe('The model that made the predictions; becomes the label `model` of every series.'),
  labels: labels.prefault({}).describe(sourceLabels),
  predicts: z
    .union([z.literal('numbers'), z.array(outcomeClass).min(2).max(1000)], {
      error: 'expected `numbers`, or the list of the classes such as [stays, leaves]',
    })
    .optional()
    .describe(
      'What the model predicts: `numbers` (a regression), or its classes. `check` refuses metrics that mean nothing for it.',
    ),
  positive: outcomeClass
    .optional()
    .describe(
      'The class that counts as positive for precision, recall, f1, positive_rate, auc and scores; `1` (true, yes) when left out.',
    ),
  score: z
    .enum(['probability', 'number'])
    .prefault('probability')
    .describe(
      '`probability` of the positive class: any other score is refused. `number`: any; metrics of probabilities are refused.',
    ),
  value: z
    .strictObject({
      unit: z
        .string()
        .regex(/^[\p{L}\p{N}\p{Sc}%][\p{L}\p{N}\p{Sc}% ./-]{0,19}$/u, {
          error: 'expected a unit, such as EUR, of at most 20 characters',
        })
        .describe('What the values are in: `EUR`, `USD`, `minutes`.'),
    })
    .optional()
    .describe(
      'Records carry `value`: what is at stake in a prediction, such as the amount of the payment. An incident then says what it has cost. Left out: `value` is ignored.',
    ),
  bucket: positiveDuration.prefault('1h').describe('Length of the buckets that records are aggregated into.'),
  retain: positiveDuration.prefault('90d').describe('How long buckets are kept; older records are refused.'),
  labelWait: positiveDuration.prefault('7d').describe('How long a prediction waits for its label.'),
  features: z.array(z.string()).optional().describe('Features every record must carry; a missing one counts as null.'),
  schema: z
    .record(z.string().min(1).max(128), featureSchema)
    .optional()
    .describe('Declarations of features, by name; for out_of_range_rate, unseen_rate and type_error_rate.'),
  profiles: z
    .union([z.boolean(), z.array(z.string().min(1).max(128)).min(1).max(500)], {
      error: 'expected true, false or a list of features',
    })
    .prefault(false)
    .describe(
      'Features to profile for drift; true: all of `features` and `schema`. Takes about 5 kB per feature and `profileBucket`.',
    ),
  promotion: z
    .enum(['first traffic', 'explicit'])
    .prefault('first traffic')
    .describe(
      'Which model version is the served one, for training baselines: the one whose first records came last, or the one that was promoted (`tocsin baseline promote`, or the API). A promotion always counts.',
    ),
  segments: z
    .record(z.string().min(1).max(128), z.array(z.string().min(1).max(256)).min(1).max(20))
    .refine((all) => Object.values(all).every((values) => !values.includes('other')), {
      error: 'expected values other than `other`, which stands for all values not listed',
    })
    .optional()
    .describe(
      'Features to split all counts by, each with at most 20 values: `country: [DE, FR]`. Other values, and records without one, count as `other`. For `by` in a query.',
    ),
  profileBucket: positiveDuration.prefault('1d').describe('Length of the buckets that feature profiles are aggregated into.'),
  columns: predictionColumns.optional().describe('How the columns of a CSV file map to a prediction.'),
});

/** `pairs`: two segments at a time, as rules ask for them; follows from the rules of the config. */
export type PredictionsSourceConfig = z.output<typeof predictionsSource> & { pairs?: readonly string[] };

export const predictionsKind = {
  schema: predictionsSource,
  query: predictionsQuery.describe('For a predictions source.'),
  readFrom: 'store',
  requestsACall: 1000,
  lag: () => 0,
  buckets: ({ bucket, retain }) => ({ bucket, retain }),
  takes: ['predictions', 'labels', 'baselines'],
  modelLabel: ({ model }) => ({ model }),
  fixedLabels: (source) => source.labels,
  otherLabels: ({ segments = {} }) => ['version', 'feature', ...Object.keys(segments)],
  stepFault: () => undefined,
  keeps: () => undefined,
  permissions: () => [],
  secrets: () => [],
  hint: 'check that what sends the predictions runs',
} satisfies SourceKindOf<PredictionsSourceConfig, typeof predictionsSource>;
