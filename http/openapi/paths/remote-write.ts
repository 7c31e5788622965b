import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { faults, json, rateHeaders, refusal, sendersOnly, tooLarge } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { sourceQuery } from '../parameters.ts';
import { senders } from '../security.ts';
import { writeRefusedSchema, writtenSchema } from '../wire/remote-write.ts';

const { '401': noKey, '403': notAllowed } = sendersOnly;
const reason = 'http_requests: native histograms are not taken; send classic ones, or leave out send_native_histograms';

const write = (operationId: string, summary: string): ZodOpenApiOperationObject => ({
  operationId,
  tags: ['Ingest'],
  summary,
  description:
    'Remote-write 1.0: `prometheus.WriteRequest` in snappy, at most 5 MB and 8 MB uncompressed. A body that is sent again counts once. Above the rate of its key a sender is answered 503, because Prometheus drops what is answered with 429.',
  security: senders,
  'x-max-body-bytes': bodyLimit.ingest,
  requestParams: {
    query: z.object({ source: sourceQuery }),
    header: z.object({ 'Content-Encoding': z.literal('snappy') }),
  },
  requestBody: {
    required: true,
    content: { 'application/x-protobuf': { schema: z.string().describe('Bytes.'), example: 'bytes' } },
  },
  responses: {
    '200': json(
      writtenSchema,
      'Every sample that has a value counts, durably.',
      { accepted: 120, repeated: 0, withoutValue: 3, rejected: 0, rejections: [] },
      rateHeaders,
    ),
    '400': json(
      writeRefusedSchema,
      'The body cannot be read; or some samples were refused, and the others count. Prometheus sends neither again.',
      { error: reason, accepted: 119, repeated: 0, withoutValue: 0, rejected: 1, rejections: [{ index: 7, reason }] },
      rateHeaders,
    ),
    '401': noKey,
    '403': notAllowed,
    ...tooLarge(`expected at most ${bodyLimit.ingest} bytes; lower max_samples_per_send`),
    '415': refusal(
      'The body is not remote-write 1.0 in snappy.',
      'expected remote-write 1.0 (proto=prometheus.WriteRequest); received proto=io.prometheus.write.v2.request',
    ),
    ...faults,
  },
});

export const remoteWritePaths: ZodOpenApiPathsObject = {
  '/api/v1/write': { post: write('remoteWrite', 'Write samples, as Prometheus does to a remote storage') },
  '/api/v1/push': { post: write('remotePush', 'The same at the address that Mimir has') },
};
