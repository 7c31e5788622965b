import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { integrationsSchema, testAskedSchema, testPageSchema } from '../../api/dto/integrations.ts';
import { json, refusal, retryAfter } from '../answers.ts';
import { at } from '../examples.ts';
import { actorBody, deed, look } from '../people.ts';

const path = z.object({ name: z.string().meta({ description: 'A responder of the config, or `me`.', examples: ['ana'] }) });

export const integrationPaths: ZodOpenApiPathsObject = {
  '/api/integrations': {
    get: look({
      operationId: 'listIntegrations',
      tags: ['Service'],
      summary: 'How sources, contacts and hooks do',
      description:
        'By what is noted: nobody is paged, and nothing is asked. What this process alone knows is about the one that answers.',
      responses: {
        '200': json(integrationsSchema, 'Each of them.', {
          at,
          status: 'degraded',
          reasons: [
            {
              kind: 'source fails',
              text: 'churn-accuracy judges nothing: source churn fails: connection refused',
              rule: 'churn-accuracy',
              since: '2026-01-05T08:52:00.000Z',
            },
          ],
          synthetic: { state: 'arrived', startedAt: '2026-01-05T09:00:00.000Z' },
          sources: [
            {
              ...{ name: 'churn', kind: 'predictions', rules: 7, judgedAt: '2026-01-05T09:04:00.000Z', troubled: 1 },
              troubles: [
                {
                  ...{ rule: 'churn-accuracy', kind: 'source fails' },
                  ...{ text: 'source churn fails: connection refused', since: '2026-01-05T08:52:00.000Z' },
                },
              ],
            },
            {
              ...{ name: 'prometheus', kind: 'alerts', rules: 0, troubled: 0, troubles: [] },
              heardAt: '2026-01-05T09:04:30.000Z',
            },
          ],
          contacts: [
            {
              ...{ key: 'slack:U024BE7LH', kind: 'slack', owners: ['responder/ana'], waiting: 0, held: 1 },
              deliveredAt: '2026-01-05T08:00:03.000Z',
              ...{ oldestAt: '2026-01-05T09:01:00.000Z', lastError: 'slack:U024BE7LH did not answer within 15s' },
            },
          ],
          hooks: [{ deployment: 'churn', kind: 'webhook', answeredAt: '2026-01-05T09:03:00.000Z', unanswered: false }],
          incidents: 30,
        }),
      },
    }),
  },
  '/api/contacts/{name}/test': {
    get: look({
      operationId: 'showTestPage',
      tags: ['Service'],
      summary: 'What became of a test page',
      requestParams: { path },
      responses: {
        '200': json(testPageSchema, 'The last one of the last hour, if there is one.', {
          at,
          responder: 'ana',
          test: {
            askedAt: '2026-01-05T09:04:50.000Z',
            state: 'delivered',
            deliveries: [
              {
                ...{ at: '2026-01-05T09:04:51.000Z', contact: 'slack:U024BE7LH', outcome: 'delivered' },
                text: 'triggered: responder/ana paged by slack:U024BE7LH',
              },
            ],
            waiting: [],
          },
        }),
        '404': refusal('There is no such responder.', 'there is no responder "anna"'),
      },
    }),
    post: deed({
      operationId: 'sendTestPage',
      tags: ['Service'],
      summary: 'Send a test page',
      description:
        'To oneself; to somebody else it takes an admin. It goes the way of every page, by the contact methods of the responder in their order, and is in no list and no count.',
      requestParams: { path },
      requestBody: actorBody,
      responses: {
        '200': json(testAskedSchema, 'It is on its way.', { message: 'a test page goes to ana', responder: 'ana' }),
        '400': refusal('The body is wrong, or nobody knows who `me` is.', 'expected no body, or one such as {"actor": "ana"}'),
        '404': refusal('There is no such responder.', 'there is no responder "anna"; did you mean ana?'),
        '429': refusal('There was one a moment ago.', 'a person gets one test page a minute; try again in 42 s', retryAfter),
      },
    }),
  },
};
