import * as z from 'zod';
import { httpUrl, labels } from '../../../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../../../vocabulary/units.ts';
import { basic, bearer, tlsOf, withoutUser, withoutUserError } from '../../way-in.ts';
import type { SourceKindOf } from '../source-kind.ts';
import { sourceLabels } from '../source-labels.ts';

/**
 * The address of the server, whose path the API's is added to. Not refused here but in
 * core/config/credentials.ts: a password in it, whose message does not repeat it.
 */
const serverUrl = httpUrl
  .refine((text) => !/[?#]/.test(text), { error: 'expected an address without ? and #; put parameters into `headers`' })
  .refine((text) => !/\/api\/v1(\/|$)/.test(text), {
    error: 'expected the address without /api/v1, which Tocsin adds itself',
  })
  .refine(withoutUser, { error: withoutUserError });

/** They would carry a secret, or break the request. */
const ownHeaders = /^(authorization|proxy-authorization|cookie|host|content-.*|transfer-encoding|connection)$/i;

const headers = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, { error: 'expected the name of an HTTP header' })
      .refine((name) => !ownHeaders.test(name), {
        error: 'expected no header that Tocsin sets itself; for Authorization write `basic`, `bearer` or `sigv4`',
      }),
    z.string().regex(/^[\x20-\x7e]{0,1000}$/, { error: 'expected visible ASCII' }),
  )
  .meta({ title: 'header to its value' });

const workspaceArn = /^arn:aws[\w-]*:aps:[a-z0-9-]+:\d{12}:workspace\/ws-[\w-]+$/;

const prometheusSource = z
  .strictObject({
    kind: z
      .literal('prometheus')
      .describe('PromQL, asked of Prometheus, Thanos, Mimir, VictoriaMetrics or Amazon Managed Prometheus.'),
    url: serverUrl.describe('Address of the server with its path prefix, such as https://mimir.example.com/prometheus.'),
    basic,
    bearer,
    sigv4: z
      .strictObject({
        workspace: z
          .string()
          .regex(workspaceArn, {
            error: 'expected the ARN of a workspace, such as arn:aws:aps:eu-central-1:111122223333:workspace/ws-EXAMPLE',
          })
          .describe('ARN of the workspace; a deployment may query this one only.'),
      })
      .optional()
      .describe('For Amazon Managed Prometheus: requests are signed with the AWS credentials of Tocsin.'),
    tls: tlsOf('the host of `url`').optional().describe('What to trust, and who to be, for https.'),
    headers: headers.prefault({}).describe('Further headers, such as `X-Scope-OrgID` for Mimir. No secrets.'),
    labels: labels.prefault({}).describe(sourceLabels),
    lag: duration
      .prefault('30s')
      .describe('Younger points are judged later, when what was scraped last has arrived in the server.'),
    timeout: positiveDuration
      .refine((ms) => ms <= 20_000, { error: 'expected at most 20s, for a tick waits 25s for a source' })
      .prefault('10s')
      .describe('How long one query may take.'),
  })
  .superRefine((source, ctx) => {
    const given = (['basic', 'bearer', 'sigv4'] as const).filter((key) => source[key] !== undefined);
    for (const key of given.slice(1)) {
      const message = `expected one of basic, bearer and sigv4; received ${given.join(' and ')}`;
      ctx.addIssue({ code: 'custom', path: [key], message });
    }
    if (source.tls !== undefined && source.url.startsWith('http:'))
      ctx.addIssue({ code: 'custom', path: ['tls'], message: 'expected an https:// url; received http://, which has no TLS' });
  });

export type PrometheusSourceConfig = z.output<typeof prometheusSource>;

const prometheusQuery = z.strictObject({
  query: z.string().min(1).max(20_000).describe('PromQL; one series for each label set of its result.'),
  count: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .describe(
      'PromQL for the number of samples behind each value, with the same labels, for `samples.minCount` and the Wilson interval.',
    ),
});

export const prometheusKind = {
  schema: prometheusSource,
  query: prometheusQuery.describe('For a prometheus source.'),
  readFrom: 'outside',
  // One request a query, a few at a time; what they answered is in memory until all are judged.
  requestsACall: 250,
  lag: ({ lag }) => lag,
  buckets: () => undefined,
  takes: [],
  modelLabel: () => ({}),
  // Labels of a series override those of the source, so no label value is certain.
  fixedLabels: () => ({}),
  otherLabels: () => 'any',
  stepFault: () => undefined,
  // Each server has its own retention.
  keeps: () => undefined,
  permissions: ({ sigv4 }) =>
    sigv4 === undefined ? [] : [{ actions: ['aps:QueryMetrics'], on: { by: 'arn', arn: sigv4.workspace } }],
  secrets: ({ basic: byName, bearer: byToken, tls: { ca, cert, key } = {} }) =>
    [byName?.password, byToken, ca, cert, key].filter((name) => name !== undefined),
  hint: 'check that the server runs, its address and path prefix, the credentials, and the PromQL; docs/promql.md',
} satisfies SourceKindOf<PrometheusSourceConfig, typeof prometheusSource>;
