import * as z from 'zod';
import { httpUrl, secretName } from '../vocabulary/schema-parts.ts';

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, { error: 'expected the name of an HTTP header' });

/** The metrics that Tocsin shows to others: at `/metrics`, and sent as OTLP. */
export const metricsSchema = z.strictObject({
  key: secretName
    .optional()
    .describe(
      'Name of the secret with which `/metrics` may be read and nothing else: a bearer token, or the password of Basic auth.',
    ),
  judgements: z
    .boolean()
    .prefault(false)
    .describe('true: also what rules judged last: value, baseline, bound and verdict of each series.'),
  maxSeries: z
    .int()
    .min(1)
    .max(100_000)
    .prefault(5000)
    .describe('Series of rules beyond this are left out of the metrics, and counted.'),
  send: z
    .strictObject({
      endpoint: httpUrl.describe('An OTLP/HTTP URL with path that takes metrics, such as http://collector:4318/v1/metrics.'),
      headers: z
        .record(headerName, secretName)
        .prefault({})
        .describe(
          'Headers of the request, each with the name of the secret that holds its value, such as `Authorization` or `DD-API-KEY`.',
        ),
    })
    .optional()
    .describe('Where the same metrics are sent by OTLP, once a minute. Left out: nowhere.'),
});

export type MetricsSettings = z.output<typeof metricsSchema>;
