import * as z from 'zod';
import { name, secretName } from '../../vocabulary/schema-parts.ts';

/** What may be sent over HTTP, by the scope of an ingest key. */
export const ingestScopes = [
  'predictions',
  'labels',
  'samples',
  'metrics',
  'alerts',
  'baselines',
  'changes',
  'heartbeats',
  'respond',
] as const;

export const ingestKeySchema = z.strictObject({
  name: name.describe('The sender; shown in responses and logs.'),
  secret: secretName.describe(
    'Name of the secret. It holds the key or `sha256:HEX` of it. During a rotation it holds two, separated by a comma or line break.',
  ),
  scope: z
    .array(z.enum(ingestScopes))
    .min(1)
    .describe(
      'What it may send. `respond`: it may acknowledge incidents of its alerts and write notes on them, as PagerDuty and Opsgenie do.',
    ),
  sources: z.array(name).min(1).optional().describe('The only sources it may send to; by default all.'),
  heartbeats: z.array(name).min(1).optional().describe('The only heartbeats that it may report; by default all.'),
  ratePerMinute: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Most requests per minute, counted by each process; by default unlimited.'),
});

export type IngestKeyConfig = z.output<typeof ingestKeySchema>;
export type IngestScope = (typeof ingestScopes)[number];
