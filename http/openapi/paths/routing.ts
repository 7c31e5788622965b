import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { routeMatchRequestSchema, routeMatchSchema } from '../../api/dto/route.ts';
import { routingSchema } from '../../api/dto/routing.ts';
import { silencePreviewRequestSchema, silencePreviewSchema } from '../../api/dto/silence.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleSilence } from '../examples.ts';
import { exampleRoute } from '../examples-routing.ts';
import { deed, look } from '../people.ts';

export const routingPaths: ZodOpenApiPathsObject = {
  '/api/routes': {
    get: look({
      operationId: 'showRouting',
      tags: ['Silences'],
      summary: 'How the config routes and mutes alerts',
      responses: {
        '200': json(routingSchema, 'Routes, mute timings and inhibitions.', {
          at,
          routes: [
            {
              path: ['staging'],
              match: ['environment="staging"'],
              pagesNobody: true,
              tell: ['channel/ml-alerts'],
              continue: false,
            },
          ],
          muteTimings: [
            {
              name: 'nightly-backfill',
              match: ['category="pipeline"'],
              timezone: 'Europe/Berlin',
              windows: [{ days: ['sat', 'sun'], from: '02:00', to: '04:00' }],
              active: false,
            },
          ],
          inhibitions: [{ name: 'feed-down', source: ['rule="feed-late"'], target: ['category="drift"'], equal: ['model'] }],
        }),
      },
    }),
  },
  '/api/routes/match': {
    post: deed({
      operationId: 'matchRoutes',
      tags: ['Silences'],
      summary: 'Who would be paged about an alert with these labels',
      description: 'As if it fired now and nobody acknowledged. Nobody is paged, and nothing is stored.',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: routeMatchRequestSchema, example: { labels: { category: 'performance' } } } },
      },
      responses: {
        '200': json(routeMatchSchema, 'One route for each severity that it may have.', {
          at,
          routes: [
            {
              ...exampleRoute,
              mutedBy: [
                { by: 'silence', text: 'silenced by ana: deploying', id: exampleSilence.id, until: exampleSilence.until },
              ],
            },
          ],
          notes: [],
        }),
        '400': refusal('The labels name nothing that is known.', 'rule: there is no rule "slwo"; did you mean "slow"?'),
      },
    }),
  },
  '/api/silence-preview': {
    post: deed({
      operationId: 'previewSilence',
      tags: ['Silences'],
      summary: 'What a silence would match now',
      description: 'Makes no silence.',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: silencePreviewRequestSchema, example: { match: ['model="churn"'] } } },
      },
      responses: {
        '200': json(silencePreviewSchema, 'What it matches.', {
          at,
          match: ['model="churn"'],
          ...{ matchedNow: 1, firingNow: 3, hints: [] },
          alerts: [
            {
              fingerprint: '6d0c1b1f9a3e',
              rule: 'churn-accuracy',
              labels: { model: 'churn' },
              severity: 'critical',
              since: '2026-01-05T09:00:00.000Z',
              incident: 'inc-4f1c09a2b7',
            },
          ],
        }),
        '400': refusal(
          'It makes no sense.',
          'a silence needs at least one matcher, such as model="flight-delays"; received none',
        ),
      },
    }),
  },
};
