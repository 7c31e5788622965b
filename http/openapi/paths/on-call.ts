import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { doneSchema, overrideMadeSchema } from '../../api/dto/action.ts';
import { onCallSchema } from '../../api/dto/on-call.ts';
import { overrideRequestSchema } from '../../api/dto/override.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleOverride } from '../examples.ts';
import { actorBody, deed, look } from '../people.ts';

const { id, schedule, assignee, from, until } = exampleOverride;

export const onCallPaths: ZodOpenApiPathsObject = {
  '/api/oncall': {
    get: look({
      operationId: 'showOnCall',
      tags: ['On call'],
      summary: 'Who is on call now',
      responses: {
        '200': json(onCallSchema, 'One shift for each schedule.', {
          at,
          oncall: [{ schedule, responder: assignee, from, until, namedBy: 'override', override: exampleOverride, next: 'ana' }],
          overrides: [exampleOverride],
        }),
      },
    }),
  },
  '/api/overrides': {
    post: deed({
      operationId: 'createOverride',
      tags: ['On call'],
      summary: 'Put somebody on call for a time',
      description: 'In place of whoever the schedule names. For somebody else it takes an admin.',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: overrideRequestSchema,
            example: { schedule, assignee, until: '4h', comment: 'Ana is ill', actor: 'cli:ana' },
          },
        },
      },
      responses: {
        '200': json(overrideMadeSchema, 'It is in force, or will be.', {
          message: `override ${id}: ben is on call for ml until 2026-01-05 13:05 UTC, in place of ana`,
          override: exampleOverride,
        }),
        '400': refusal('It makes no sense.', 'there is no responder "bne"; did you mean ben?'),
        '409': refusal('There are too many.', 'there are 100 overrides that have not ended; end some of them first'),
      },
    }),
  },
  '/api/overrides/{id}/end': {
    post: deed({
      operationId: 'endOverride',
      tags: ['On call'],
      summary: 'End an override early, or keep it from beginning',
      requestParams: { path: z.object({ id: z.string().meta({ description: 'Id of the override.', examples: [id] }) }) },
      requestBody: actorBody,
      responses: {
        '200': json(doneSchema, 'It has ended.', { message: `the override ${id} ends; ana is on call for ml` }),
        '400': refusal('The body is wrong.', 'expected no body, or one such as {"actor": "ana"}; unknown key "by"'),
        '404': refusal('It has ended, or there is none.', 'there is no override "ovr-0" that has not ended'),
        '409': refusal('Somebody else changed it at the same time.', `the override ${id} has just been ended by another`),
      },
    }),
  },
};
