import * as z from 'zod';
import { labels, secretName } from '../../../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';

const datadogSource = z.strictObject({
  kind: z.literal('datadog').describe('Metrics of Datadog, by its metric query API.'),
  site: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, {
      error:
        'expected the site of the account, such as datadoghq.com, datadoghq.eu or us5.datadoghq.com, without https:// and api.',
    })
    .refine((site) => !site.startsWith('api.') && !site.startsWith('app.'), {
      error: 'expected the site without api. or app., such as datadoghq.eu',
    })
    .prefault('datadoghq.com')
    .describe('Where the account is: what comes after `app.` in the address of its pages.'),
  apiKey: secretName.describe('Name of the secret with an API key.'),
  appKey: secretName.describe('Name of the secret with an application key; the scope timeseries_query is enough.'),
  labels: labels.prefault({}).describe(sourceLabels),
  lag: duration.prefault('2m').describe('Younger points are judged later, when what agents sent last has arrived.'),
  timeout: positiveDuration
    .refine((ms) => ms <= 20_000, { error: 'expected at most 20s, for a tick waits 25s for a source' })
    .prefault('10s')
    .describe('How long one query may take.'),
});

export type DatadogSourceConfig = z.output<typeof datadogSource>;

const text = z
  .string()
  .min(1)
  .max(5000)
  .refine((query) => query.includes('{'), {
    error: 'expected a query with its scope in braces, such as `avg:system.cpu.user{env:prod} by {host}`',
  });

const datadogQuery = z.strictObject({
  query: text.describe(
    'A metric query; one series for each value of the tags in `by {...}`. Its rollup has to be the step of the rule, such as `.rollup(avg, 60)`.',
  ),
  count: text
    .optional()
    .describe(
      'A query for the number of samples behind each value, by the same tags, for `samples.minCount` and the Wilson interval.',
    ),
});

export const datadogKind = {
  schema: datadogSource,
  query: datadogQuery.describe('For a datadog source.'),
  readFrom: 'outside',
  requestsACall: 100,
  lag: ({ lag }) => lag,
  buckets: () => undefined,
  takes: [],
  modelLabel: () => ({}),
  // Tags override labels of the source, so no label value is certain.
  fixedLabels: () => ({}),
  otherLabels: () => 'any',
  stepFault: (step) => (step % 1000 === 0 ? undefined : 'expected whole seconds, as rollups of Datadog are'),
  keeps: () => undefined,
  permissions: () => [],
  secrets: ({ apiKey, appKey }) => [apiKey, appKey],
  hint: 'check site, keys, and the query in the Metrics Explorer; docs/datadog.md',
} satisfies SourceKindOf<DatadogSourceConfig, typeof datadogSource>;
