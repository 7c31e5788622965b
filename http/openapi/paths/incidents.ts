import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { conflictSchema, doneSchema, resolveRequestSchema } from '../../api/dto/action.ts';
import { incidentDetailSchema, incidentsSchema } from '../../api/dto/incident.ts';
import { statuses } from '../../api/incidents.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleAlert, exampleIncident } from '../examples.ts';
import { incidentId } from '../parameters.ts';
import { actorBody, deed, look } from '../people.ts';

const unknown = refusal('There is no such incident.', 'there is no incident inc-0; list them with: tocsin incidents');
const wrongBody = refusal(
  'The body is not as it should be.',
  'expected no body, or one such as {"actor": "ana"}; unknown key "by"',
);

type Response = { name: string; summary: string; description: string; done: string; late: string };

const response = ({ name, summary, description, done, late }: Response): ZodOpenApiOperationObject =>
  deed({
    operationId: `${name}Incident`,
    tags: ['Incidents'],
    summary,
    description,
    requestParams: { path: z.object({ id: incidentId }) },
    requestBody: actorBody,
    responses: {
      '200': json(doneSchema, 'Done.', { message: done }),
      '400': wrongBody,
      '404': unknown,
      '409': refusal('It no longer fits the incident; nothing was done.', late),
    },
  });

export const incidentPaths: ZodOpenApiPathsObject = {
  '/api/incidents': {
    get: look({
      operationId: 'listIncidents',
      tags: ['Incidents'],
      summary: 'List incidents, newest first',
      requestParams: {
        query: z.object({
          status: z.enum(statuses).default('open').meta({ description: '`open` is everything but `resolved`.' }),
          limit: z.int().min(1).max(1000).default(100),
          synthetic: z
            .enum(['true', 'false'])
            .default('false')
            .meta({ description: '`true`: the last synthetic incident as well.' }),
        }),
      },
      responses: {
        '200': json(incidentsSchema, 'The incidents.', { at, incidents: [exampleIncident] }),
        '400': refusal('The query is wrong.', 'expected status open, resolved, all and limit 1 to 1000'),
      },
    }),
  },
  '/api/incidents/{id}': {
    get: look({
      operationId: 'showIncident',
      tags: ['Incidents'],
      summary: 'Show one incident with its timeline',
      requestParams: { path: z.object({ id: incidentId }) },
      responses: {
        '200': json(incidentDetailSchema, 'The incident.', {
          at,
          incident: exampleIncident,
          timeline: [
            {
              at: '2026-01-05T09:00:30.000Z',
              kind: 'opened',
              severity: 'critical',
              text: 'Accuracy of churn: 1 critical alert',
              actor: 'tocsin',
            },
          ],
        }),
        '404': unknown,
      },
    }),
  },
  '/api/incidents/{id}/acknowledge': {
    post: response({
      name: 'acknowledge',
      summary: 'Take an incident: escalation stops',
      description: 'It goes on when the incident is not resolved within the `ackTimeout` of its policy.',
      done: 'inc-4f1c09a2b7 acknowledged by cli:ana',
      late: 'inc-4f1c09a2b7 was already acknowledged by cli:ben',
    }),
  },
  '/api/incidents/{id}/escalate': {
    post: response({
      name: 'escalate',
      summary: 'Page the next tier now',
      description: 'For somebody who needs help.',
      done: 'inc-4f1c09a2b7 escalated by cli:ana',
      late: 'inc-4f1c09a2b7 was already resolved by cli:ben',
    }),
  },
  '/api/incidents/{id}/rollback': {
    post: response({
      name: 'rollback',
      summary: 'Ask for the rollback that the incident offers',
      description: 'It changes what is served. The rollback of the config may ask for a higher role.',
      done: 'inc-4f1c09a2b7: the rollback scorer was asked for by cli:ana',
      late: 'inc-4f1c09a2b7 offers no rollback',
    }),
  },
  '/api/incidents/{id}/resolve': {
    post: deed({
      operationId: 'resolveIncident',
      tags: ['Incidents'],
      summary: 'End an incident',
      description: 'While alerts fire it takes `force`, and the incident comes back if they go on.',
      requestParams: { path: z.object({ id: incidentId }) },
      requestBody: {
        required: false,
        content: { 'application/json': { schema: resolveRequestSchema, example: { actor: 'cli:ana', force: true } } },
      },
      responses: {
        '200': json(doneSchema, 'It is resolved.', { message: 'inc-4f1c09a2b7 resolved by cli:ana' }),
        '400': wrongBody,
        '404': unknown,
        '409': json(conflictSchema, 'Alerts still fire, or it is resolved already; nothing was done.', {
          error: 'inc-4f1c09a2b7 was not resolved: 1 critical alert still fires',
          stillFiring: {
            critical: 1,
            warn: 0,
            alerts: [exampleAlert],
            lines: ['critical: churn-accuracy {model=churn}, value 0.71, since 2026-01-05 09:00 UTC'],
          },
        }),
      },
    }),
  },
};
