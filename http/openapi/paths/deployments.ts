import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { deploymentsSchema } from '../../api/dto/deployment.ts';
import { json } from '../answers.ts';
import { at } from '../examples.ts';
import { look } from '../people.ts';

export const deploymentPaths: ZodOpenApiPathsObject = {
  '/api/deployments': {
    get: look({
      operationId: 'listDeployments',
      tags: ['Deployments'],
      summary: 'What serves, since when, and what became of rollbacks',
      responses: {
        '200': json(deploymentsSchema, 'Deployments of the config, rollbacks of the last incidents, and versions of models.', {
          at,
          deployments: [
            {
              ...{ name: 'churn', model: 'churn', hook: 'webhook', watched: true, unanswered: false, recordLost: false },
              serves: { version: '6', seenAt: '2026-01-05T09:03:00.000Z', atLeastMs: 180_000, stale: false },
              served: [{ version: '6', atLeastMs: 180_000, lastAt: '2026-01-05T09:03:00.000Z' }],
              knownBad: [{ version: '7', at: '2026-01-05T09:00:40.000Z', incident: 'inc-4f1c09a2b7' }],
              rollbacks: [
                {
                  ...{ name: 'churn-back', automatic: true, breaker: 'open', breakerUntil: '2026-01-05T15:00:40.000Z' },
                  ...{ cooldownMs: 21_600_000, automaticToday: 1, dailyLimit: 2, role: 'responder' },
                },
              ],
            },
          ],
          rollbacks: [
            {
              ...{ deployment: 'churn', incident: 'inc-4f1c09a2b7', title: 'Accuracy of churn', state: 'verifying' },
              ...{ from: '7', to: '6', reason: 'watching 30m for recovery', at: '2026-01-05T09:00:40.000Z' },
            },
          ],
          versions: [
            {
              ...{ source: 'churn', model: 'churn', version: '6', from: '2026-01-05T09:00:40.000Z' },
              ...{ how: 'rolled back', by: 'tocsin', incidents: [], incidentCount: 0 },
            },
          ],
        }),
      },
    }),
  },
};
