import * as z from 'zod';
import { labels } from '../../../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';
import { otlpQuery, stableLabel } from './otlp-query.ts';

/** What of a resource stays the same when a process is started again. */
const stable = [
  'service.name',
  'service.namespace',
  'service.version',
  'deployment.environment.name',
  'deployment.environment',
  'cloud.region',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.deployment.name',
];

const otlpSource = z.strictObject({
  kind: z.literal('otlp').describe('Metrics that OpenTelemetry SDKs and collectors send by OTLP/HTTP.'),
  labels: labels.prefault({}).describe(sourceLabels),
  resource: z
    .array(stableLabel)
    .max(30)
    .prefault(stable)
    .describe(
      'Attributes of a resource that `where` and `by` can name, beside all attributes of points. Take none that is new at every start, such as a pod or a process id: each value is a series.',
    ),
  bucket: positiveDuration.prefault('1m').describe('Length of the buckets that points are aggregated into.'),
  retain: positiveDuration.prefault('30d').describe('How long buckets are kept; older points are refused.'),
  lag: duration.prefault('15s').describe('How long after the end of a span points of it may still come; it is judged then.'),
  maxSeries: z
    .int()
    .min(1)
    .max(1_000_000)
    .prefault(10_000)
    .describe('Most series: sets of attributes of a metric. Points of others are refused, and the sender is told.'),
  maxStreams: z
    .int()
    .min(1)
    .max(1_000_000)
    .prefault(100_000)
    .describe('Most streams within an hour: series by each process. About 1 kB of memory each, and more for histograms.'),
});

export type OtlpSourceConfig = z.output<typeof otlpSource>;

export const otlpKind = {
  schema: otlpSource,
  query: otlpQuery.describe('For an otlp source.'),
  readFrom: 'outside',
  requestsACall: 200,
  lag: ({ lag }) => lag,
  buckets: ({ bucket, retain }) => ({ bucket, retain }),
  takes: ['metrics'],
  modelLabel: () => ({}),
  fixedLabels: (source) => source.labels,
  otherLabels: () => 'any',
  stepFault: () => undefined,
  keeps: () => undefined,
  permissions: () => [],
  secrets: () => [],
  hint: 'check that what sends the metrics runs, that it sends OTLP/HTTP (not gRPC) here, and that the metric has the name of the rule; docs/otlp.md',
} satisfies SourceKindOf<OtlpSourceConfig, typeof otlpSource>;
