import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { compressed, faults, json, rateHeaders, refusal, sendersOnly, tooLarge } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { idempotencyKey, sourceQuery } from '../parameters.ts';
import { senders } from '../security.ts';
import { batchRefusedSchema, batchTakenSchema } from '../wire/ingest-answers.ts';
import { batchOf, labelSchema, predictionSchema, sampleSchema } from '../wire/records.ts';

const taken = { accepted: 1, corrected: 0, unmatched: 0, duplicates: 0, repeated: false, rejected: 0, rejections: [] };
const none = {
  accepted: 0,
  corrected: 0,
  unmatched: 0,
  duplicates: 0,
  repeated: false,
  rejected: 1,
  rejections: [{ index: 0, reason: 'value: expected a finite number; received "many"' }],
};

type Kind = { what: string; summary: string; description: string; schema: z.ZodType; name: string; example: object };

function batch({ what, summary, description, schema, name, example }: Kind): ZodOpenApiOperationObject {
  return {
    operationId: `send${what[0]?.toUpperCase()}${what.slice(1)}`,
    tags: ['Ingest'],
    summary,
    description: `${description} At most 10,000 records and 5 MB a request; a record at most 262,144 characters.`,
    security: senders,
    'x-max-body-bytes': bodyLimit.ingest,
    requestParams: { query: z.object({ source: sourceQuery }), header: z.object({ 'Idempotency-Key': idempotencyKey }) },
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: batchOf(schema, name), example: [example] },
        'application/x-ndjson': { schema: z.string().describe('One record a line.'), example: JSON.stringify(example) },
      },
    },
    responses: {
      '200': json(batchTakenSchema, 'Every record counts but those that `rejections` names.', taken, rateHeaders),
      '400': json(batchRefusedSchema, 'No record counts, and sending the same again is of no use.', none, rateHeaders),
      ...sendersOnly,
      ...tooLarge(`expected at most ${bodyLimit.ingest} bytes; send the records in several requests`),
      ...compressed,
      '422': refusal(
        'The `Idempotency-Key` was used for something else; nothing of this counts.',
        'the Idempotency-Key was used for another body; nothing of this one counts: use a new key for each batch',
      ),
      ...faults,
    },
  };
}

export const recordPaths: ZodOpenApiPathsObject = {
  '/v1/predictions': {
    post: batch({
      what: 'predictions',
      summary: 'Send predictions that a model made',
      description: 'What a model said, with its features; labels may come later.',
      schema: predictionSchema,
      name: 'Prediction',
      example: { id: 'a1', timestamp: '2026-01-05T09:00:00Z', model: 'churn', version: '7', prediction: 1, score: 0.8 },
    }),
  },
  '/v1/labels': {
    post: batch({
      what: 'labels',
      summary: 'Send what turned out to be true',
      description: 'Labels of predictions, by the id of the prediction or with the prediction itself.',
      schema: labelSchema,
      name: 'Label',
      example: { id: 'a1', model: 'churn', label: 0 },
    }),
  },
  '/v1/samples': {
    post: batch({
      what: 'samples',
      summary: 'Send values of metrics',
      description: 'Any metric. Without an `Idempotency-Key` the same samples sent twice count twice.',
      schema: sampleSchema,
      name: 'Sample',
      example: { metric: 'errors', value: 1, timestamp: '2026-01-05T09:00:00Z', labels: { host: 'a' } },
    }),
  },
};
