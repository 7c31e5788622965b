import * as z from 'zod';
import { labels, matchers } from '../../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';

const sampleColumns = z.strictObject({
  timestamp: z.string().prefault('timestamp').describe('Column with the time of the sample.'),
  value: z.string().prefault('value').describe('Column with its value.'),
  metric: z.string().optional().describe('Column naming the metric; the file name without its ending when left out.'),
});

const samplesSource = z.strictObject({
  kind: z.literal('samples').describe('Samples of any metric, sent over HTTP or read from files.'),
  labels: labels.prefault({}).describe(sourceLabels),
  bucket: positiveDuration.prefault('1m').describe('Samples are folded into buckets this long.'),
  retain: positiveDuration.prefault('30d').describe('How long buckets are kept; older samples are refused.'),
  columns: sampleColumns.optional().describe('How columns of a CSV file map to a sample.'),
});

export type SamplesSourceConfig = z.output<typeof samplesSource>;

const statistic = z.enum(['mean', 'sum', 'min', 'max', 'count', 'last', 'age']);

const samplesQuery = z.strictObject({
  metric: z.string().min(1).describe('Name of the metric, as it was sent.'),
  match: matchers.prefault({}).describe('Only series with these labels.'),
  statistic: statistic
    .prefault('mean')
    .describe('How the samples of a point become its value; `age` is how long ago the last one came, in seconds.'),
  over: positiveDuration.optional().describe("The span of time that one point summarises; the rule's step when left out."),
});

export const samplesKind = {
  schema: samplesSource,
  query: samplesQuery.describe('For a source of the kind samples.'),
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
