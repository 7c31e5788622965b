import * as z from 'zod';
import { labels } from '../../../vocabulary/schema-parts.ts';
import { duration, parseDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';
import { cloudwatchQuery } from './cloudwatch-query.ts';

const cloudwatchSource = z.strictObject({
  kind: z.literal('cloudwatch').describe('Metrics of Amazon CloudWatch, read with GetMetricData.'),
  region: z.string().optional().describe('Region of the metrics; by default that of the deployment.'),
  labels: labels.prefault({}).describe(sourceLabels),
  lag: duration.prefault('2m').describe('Younger datapoints may still be late or revised, and are judged later.'),
});

export type CloudwatchSourceConfig = z.output<typeof cloudwatchSource>;

const ms = (text: string): number => parseDuration(text) as number;

/**
 * How long CloudWatch keeps datapoints of a period.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const retention = [
  { below: ms('1m'), kept: ms('3h') },
  { below: ms('5m'), kept: ms('15d') },
  { below: ms('1h'), kept: ms('63d') },
  { below: Number.POSITIVE_INFINITY, kept: ms('455d') },
];

export const cloudwatchKind = {
  schema: cloudwatchSource,
  query: cloudwatchQuery.describe('For a cloudwatch source: `metric`, or `expression` with `metrics`, or `sql`.'),
  readFrom: 'outside',
  // A call takes 500 queries, and a few calls run in parallel.
  requestsACall: 2500,
  lag: ({ lag }) => lag,
  buckets: () => undefined,
  takes: [],
  modelLabel: () => ({}),
  // Dimensions override labels of the source, so no label value is certain.
  fixedLabels: () => ({}),
  otherLabels: () => 'any',
  stepFault: (step) =>
    [1, 5, 10, 30].includes(step / 1000) || step % 60_000 === 0
      ? undefined
      : 'expected a period of CloudWatch: 1s, 5s, 10s, 30s or a multiple of 1m',
  keeps: (step) => ({ by: 'CloudWatch', ms: retention.find(({ below }) => step < below)?.kept ?? 0 }),
  permissions: () => [
    {
      actions: ['cloudwatch:GetMetricData'],
      on: { by: 'everything', why: 'cloudwatch:GetMetricData knows no narrower resource than all metrics' },
    },
  ],
  secrets: () => [],
  hint: 'check AWS credentials and region, the permission cloudwatch:GetMetricData, and the names of metrics and dimensions',
} satisfies SourceKindOf<CloudwatchSourceConfig, typeof cloudwatchSource>;
