import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { errorSchema } from '../../api/dto/error.ts';
import { foreignOnly, json, rateHeaders, retryAfter } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { sourceQuery } from '../parameters.ts';
import { everybody, senders } from '../security.ts';

const statusSchema = z
  .strictObject({
    code: z.int().describe('As in google.rpc.Code.'),
    message: z.string().describe('What was wrong, what was received, and what to do.'),
  })
  .meta({ id: 'RpcStatus', description: 'google.rpc.Status.' });

const takenSchema = z
  .strictObject({
    partialSuccess: z
      .strictObject({
        rejectedDataPoints: z.string().describe('How many points do not count; a 64-bit integer, in JSON a text.'),
        errorMessage: z.string().describe('Why.'),
      })
      .optional(),
  })
  .meta({ id: 'ExportMetricsServiceResponse' });

const status = (description: string, code: number, message: string, headers: Parameters<typeof json>[3] = {}) =>
  json(statusSchema, description, { code, message }, headers);

const point = { timeUnixNano: '1767603600000000000', asDouble: 0.31 };
const example = {
  resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'churn.drift.psi', gauge: { dataPoints: [point] } }] }] }],
};

const notTaken = (signal: string): ZodOpenApiOperationObject => ({
  operationId: `refuse${signal[0]?.toUpperCase()}${signal.slice(1)}`,
  tags: ['Ingest'],
  summary: `Not taken: ${signal} by OTLP`,
  description: `Answers that no ${signal} are taken, so that nobody believes they are kept.`,
  security: everybody,
  responses: {
    '404': status('Nothing was kept.', 5, `Tocsin takes no ${signal} by OTLP, only metrics at /v1/metrics; nothing was kept`),
    ...foreignOnly,
  },
});

export const otlpPaths: ZodOpenApiPathsObject = {
  '/v1/metrics': {
    post: {
      operationId: 'sendMetrics',
      tags: ['Ingest'],
      summary: 'Send metrics by OTLP/HTTP',
      description:
        'An ExportMetricsServiceRequest of OpenTelemetry, in protobuf (`application/x-protobuf`) or JSON, plain or in gzip; docs/otlp.md. The answer is in the encoding of the request. A point that is sent again counts once.',
      security: senders,
      'x-max-body-bytes': bodyLimit.ingest,
      requestParams: { query: z.object({ source: sourceQuery }) },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: z.looseObject({ resourceMetrics: z.array(z.unknown()).optional() }), example },
          'application/x-protobuf': { schema: z.string().meta({ format: 'binary' }), example: '' },
        },
      },
      responses: {
        '200': json(takenSchema, 'Every point counts, but for those of a partial success.', {}, rateHeaders),
        '400': status(
          'The body is no such request, or the source is not known. Sending it again is of no use.',
          3,
          'expected JSON in UTF-8',
        ),
        '401': status('The ingest key is missing or unknown.', 16, 'expected the ingest key as a bearer token', {
          'WWW-Authenticate': { required: true, schema: { type: 'string' as const }, example: 'Bearer, Basic realm="tocsin"' },
        }),
        '403': json(
          z.union([statusSchema, errorSchema]),
          'The key may not send metrics, or not to this source; ingest is closed; or a web page of another origin sent it.',
          { code: 7, message: 'key apps may send samples; received metrics' },
        ),
        '404': status('Nothing takes metrics here.', 5, 'no source of the kind otlp is in the config; add one to config/'),
        '413': status(
          'The body is too large, as sent or unpacked.',
          3,
          `expected at most ${bodyLimit.ingest} bytes; send less at once, or in gzip`,
        ),
        '415': status(
          'Neither protobuf nor JSON, or an encoding other than gzip.',
          3,
          'expected the content encoding gzip, or none; received br',
        ),
        '429': status(
          'More than can be taken now, or the key has used up its rate.',
          8,
          'too many requests at once; send it again',
          {
            ...retryAfter,
            ...rateHeaders,
          },
        ),
        '503': status(
          'The points cannot be stored now. Send them again; nothing counts twice.',
          14,
          'the points cannot be written to disk now',
          retryAfter,
        ),
      },
    },
  },
  '/v1/logs': { post: notTaken('logs') },
  '/v1/traces': { post: notTaken('traces') },
};
