import * as z from 'zod';
import { matchersSchema } from '../../../vocabulary/matchers/matchers-schema.ts';
import { labels } from '../../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';

const sampleColumns = z.strictObject({
  timestamp: z.string().prefault('timestamp').describe('Column with the time of the sample.'),
  timestampUnit: z
    .enum(['instant', 'seconds'])
    .prefault('instant')
    .describe('What numbers in that column are: `instant`, milliseconds since the epoch, or `seconds` since then.'),
  value: z.string().prefault('value').describe('Column with the value.'),
  metric: z.string().optional().describe('Column with the metric name; by default the file name without extension.'),
});

const samplesSource = z.strictObject({
  kind: z.literal('samples').describe('Samples of any metric, sent over HTTP or read from files.'),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault('1m').describe('Length of the buckets that samples are aggregated into.'),
  retain: positiveDuration.prefault('30d').describe('How long buckets are kept; older samples are refused.'),
  columns: sampleColumns.optional().describe('How the columns of a CSV file map to a sample.'),
});

export type SamplesSourceConfig = z.output<typeof samplesSource>;

const statistic = z.enum(['mean', 'sum', 'min', 'max', 'count', 'last', 'age']);

const samplesQuery = z.strictObject({
  metric: z.string().min(1).describe('The metric name, as sent.'),
  match: matchersSchema.prefault({}).describe('Only series with these labels.'),
  statistic: statistic
    .prefault('mean')
    .describe('How samples become the value of a point; `age` is the seconds since the last one.'),
  over: positiveDuration.optional().describe("The time span that one point summarises; by default the rule's step."),
});

export const samplesKind = {
  schema: samplesSource,
  query: samplesQuery.describe('For a samples source.'),
  readFrom: 'store',
  // There may be many thousands; small calls keep their points short-lived in memory.
  requestsACall: 100,
  lag: () => 0,
  buckets: ({ bucket, retain }) => ({ bucket, retain }),
  takes: ['samples'],
  modelLabel: () => ({}),
  fixedLabels: (source) => source.labels,
  otherLabels: () => 'any',
  stepFault: () => undefined,
  keeps: () => undefined,
  permissions: () => [],
  hint: 'check that what sends the samples runs, and that its metric names are those of the rules',
} satisfies SourceKindOf<SamplesSourceConfig, typeof samplesSource>;
