import * as z from 'zod';
import { name, secretName } from '../../vocabulary/schema-parts.ts';

/** What may be sent over HTTP, by the scope of an ingest key. */
export const ingestScopes = ['predictions', 'labels', 'samples', 'alerts', 'baselines'] as const;

export const ingestKeySchema = z.strictObject({
  name: name.describe('Who sends with it; shown in answers and logs.'),
  secret: secretName.describe(
    'Name of the secret. It holds the key, or `sha256:HEX` of it; two of these, with a comma or a line end between them, while one replaces the other.',
  ),
  scope: z.array(z.enum(ingestScopes)).min(1).describe('What it may send.'),
  sources: z.array(name).min(1).optional().describe('The only sources it may send to; all of them when left out.'),
  ratePerMinute: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('At most this many requests a minute, counted by each process for itself; no limit when left out.'),
});

export type IngestKeyConfig = z.output<typeof ingestKeySchema>;
export type IngestScope = (typeof ingestScopes)[number];
