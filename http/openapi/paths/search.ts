import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { searchSchema } from '../../api/dto/search.ts';
import { mostOfKind } from '../../api/search.ts';
import { json, refusal } from '../answers.ts';
import { at } from '../examples.ts';
import { look } from '../people.ts';

export const searchPaths: ZodOpenApiPathsObject = {
  '/api/search': {
    get: look({
      operationId: 'search',
      tags: ['Service'],
      summary: 'Incidents, rules, models, features, people, schedules and runbooks by name',
      description:
        'For a palette: it judges and counts nothing. Without words it answers open incidents. Closed ones are found by their whole id.',
      requestParams: {
        query: z.object({
          q: z.string().max(200).optional().meta({ description: 'Words that must all occur in title, name or note.' }),
          limit: z.int().min(1).max(mostOfKind).default(8).meta({ description: 'Of each kind.' }),
        }),
      },
      responses: {
        '200': json(searchSchema, 'What is named so.', {
          at,
          things: [
            { kind: 'rule', id: 'slow', title: 'slow', note: 'pushed' },
            { kind: 'feature', id: 'price', title: 'price', note: 'churn', model: 'churn', source: 'churn' },
            { kind: 'person', id: 'ana', title: 'Ana', note: 'ana, on call for ml', schedule: 'ml' },
          ],
        }),
        '400': refusal('The query is wrong.', `expected limit 1 to ${mostOfKind}; received "0"`),
      },
    }),
  },
};
