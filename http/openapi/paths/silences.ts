import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { doneSchema, silenceMadeSchema } from '../../api/dto/action.ts';
import { silenceRequestSchema, silencesSchema } from '../../api/dto/silence.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleSilence } from '../examples.ts';
import { actorBody, deed, look } from '../people.ts';

export const silencePaths: ZodOpenApiPathsObject = {
  '/api/silences': {
    get: look({
      operationId: 'listSilences',
      tags: ['Silences'],
      summary: 'List the silences that have not ended',
      responses: { '200': json(silencesSchema, 'The silences.', { at, silences: [exampleSilence] }) },
    }),
    post: deed({
      operationId: 'createSilence',
      tags: ['Silences'],
      summary: 'Page nobody about matching alerts for a time',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: silenceRequestSchema,
            example: {
              match: ['model="churn"', 'severity!="critical"'],
              durationMs: 7_200_000,
              comment: 'deploying',
              actor: 'cli:ana',
            },
          },
        },
      },
      responses: {
        '200': json(silenceMadeSchema, 'It is in force.', {
          message:
            'silence sil-3b1f0c9d2e: no pages for model="churn" until 2026-01-05 11:05 UTC; it matches 1 of the 3 alerts firing now',
          silence: exampleSilence,
          matchedNow: 1,
          firingNow: 3,
          hints: [],
        }),
        '400': refusal(
          'It makes no sense.',
          'expected a body such as {"match": {"model": "churn"}, "durationMs": 3600000}; durationMs: expected a number; received "1h"',
        ),
      },
    }),
  },
  '/api/silences/{id}/end': {
    post: deed({
      operationId: 'endSilence',
      tags: ['Silences'],
      summary: 'End a silence early',
      requestParams: {
        path: z.object({ id: z.string().meta({ description: 'Id of the silence.', examples: ['sil-3b1f0c9d2e'] }) }),
      },
      requestBody: actorBody,
      responses: {
        '200': json(doneSchema, 'It has ended.', {
          message: 'the silence sil-3b1f0c9d2e ends; model="churn" pages again, with the next evaluation',
        }),
        '400': refusal('The body is wrong.', 'expected no body, or one such as {"actor": "ana"}; unknown key "by"'),
        '404': refusal('It has ended, or there is none.', 'there is no silence "sil-0" that has not ended'),
        '409': refusal('Somebody else changed it at the same time.', 'the silence sil-3b1f0c9d2e has just been ended by another'),
      },
    }),
  },
};
