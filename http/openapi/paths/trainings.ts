import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { doneSchema } from '../../api/dto/action.ts';
import { compressed, faults, json, rateHeaders, refusal, sendersOnly, tooLarge } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { sourceQuery } from '../parameters.ts';
import { senders } from '../security.ts';
import { trainingStoredSchema } from '../wire/ingest-answers.ts';
import { trainingRequestSchema } from '../wire/training.ts';

const row = { features: { age: 41, country: 'de' }, prediction: 1, score: 0.8, label: 1 };

/**
 * What versions were trained on, as senders with a key store it; people read and promote it below
 * `/api/baselines`.
 */
export const trainingPaths: ZodOpenApiPathsObject = {
  '/v1/baselines': {
    post: {
      operationId: 'storeTraining',
      tags: ['Ingest'],
      summary: 'Store what a version of a model was trained on',
      description: 'At most 100,000 rows and 5 MB a request. The same sent once more changes nothing.',
      security: senders,
      'x-max-body-bytes': bodyLimit.ingest,
      requestParams: {
        query: z.object({
          source: sourceQuery,
          version: z
            .string()
            .optional()
            .meta({ description: 'Where the body is one row a line.', examples: ['7'] }),
          dataset: z
            .string()
            .optional()
            .meta({ description: 'Likewise.', examples: ['2026-01'] }),
          trainedAt: z
            .string()
            .optional()
            .meta({ description: 'Likewise.', examples: ['2026-01-01'] }),
        }),
      },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: trainingRequestSchema, example: { version: '7', dataset: '2026-01', rows: [row] } },
          'application/x-ndjson': { schema: z.string().describe('One row a line.'), example: JSON.stringify(row) },
        },
      },
      responses: {
        '200': json(
          trainingStoredSchema,
          'Stored; rows that `rejections` names were left out.',
          {
            ...{ source: 'churn', version: '7', dataset: '2026-01', rows: 1, features: 2, metrics: ['accuracy'] },
            ...{ repeated: false, rejected: 0, rejections: [] },
          },
          rateHeaders,
        ),
        '400': refusal('Nothing was stored.', 'dataset: expected a text; received nothing', rateHeaders),
        ...sendersOnly,
        ...tooLarge(`expected at most ${bodyLimit.ingest} bytes; send the records in several requests`),
        ...compressed,
        ...faults,
      },
    },
  },
  '/v1/baselines/promote': {
    post: {
      operationId: 'promoteAsSender',
      tags: ['Ingest'],
      summary: 'Say which version of a model is in use',
      description:
        'From then on rules with a training baseline compare with what this version was trained on. The body is not read.',
      security: senders,
      'x-max-body-bytes': bodyLimit.ingest,
      requestParams: {
        query: z.object({
          source: z.string().meta({ description: 'Name of the source in the config.', examples: ['churn'] }),
          version: z.string().meta({ description: 'Version of the model.', examples: ['7'] }),
        }),
      },
      responses: {
        '200': json(doneSchema, 'It is in use.', { message: 'churn: version 7 was promoted' }, rateHeaders),
        '400': refusal('The address is not complete.', 'expected ?source= and &version= in the address', rateHeaders),
        ...sendersOnly,
        '404': refusal('There is no such source.', 'expected a source of predictions (churn); received chrun', rateHeaders),
        ...tooLarge(`expected at most ${bodyLimit.ingest} bytes; send the records in several requests`),
        ...faults,
      },
    },
  },
};
