import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { timelineGroups } from '../../../core/response/incidents/timeline-groups.ts';
import { alertSeverities, categories } from '../../../core/vocabulary/schema-parts.ts';
import { conflictSchema, doneSchema, noteRequestSchema, resolveRequestSchema } from '../../api/dto/action.ts';
import { chartRangeSchema, chartSchema } from '../../api/dto/chart.ts';
import { incidentDetailSchema } from '../../api/dto/incident-detail.ts';
import { incidentListSchema } from '../../api/dto/incident-list.ts';
import { linkMadeSchema, linkRequestSchema } from '../../api/dto/link.ts';
import { timeSchema } from '../../api/dto/time.ts';
import { timelineSchema } from '../../api/dto/timeline-entry.ts';
import { incidentPages, longestText, statuses } from '../../api/incident-list.ts';
import { timelinePages } from '../../api/incident-timeline.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleAlert, exampleIncident, exampleInShort } from '../examples.ts';
import { cursor, incidentId, namesOf } from '../parameters.ts';
import { actorBody, deed, look } from '../people.ts';
import { teamQuery } from '../team.ts';

const unknown = refusal('There is no such incident.', 'there is no incident inc-0; list them with: tocsin incidents');
const wrongBody = refusal(
  'The body is not as it should be.',
  'expected no body, or one such as {"actor": "ana"}; unknown key "by"',
);

const series = { fingerprint: exampleAlert.fingerprint, rule: exampleAlert.rule, title: exampleAlert.title, labels: {} };
const exampleChart = {
  ...{ at, title: exampleAlert.title, of: series, series: [series] },
  ...{ from: '2026-01-05T03:00:00.000Z', to: at, confidence: 0.95, isPinned: true },
  sentence: 'Accuracy of churn fell from 0.8 at 07:00 to 0.71 at 09:00; that is below the critical bound of 0.72.',
  points: [
    {
      ...{ at: '2026-01-05T09:00:00.000Z', status: 'critical', reason: 'accuracy 0.71 is 11.3% below the baseline 0.8' },
      ...{ value: 0.71, count: 400, interval: { low: 0.664, high: 0.752 }, baseline: 0.8, warn: 0.76, critical: 0.72 },
    },
  ],
  marks: [{ at: '2026-01-05T08:00:00.000Z', kind: 'deploy', text: '8 serves' }],
};

const exampleDetail = {
  ...{ at, incident: exampleIncident },
  headline: {
    text: 'Accuracy of churn: now 0.71, 14 % worse than its baseline of 0.83.',
    detail: 'Before it began, version 8 began to serve (5 Jan 08:00 UTC).',
    ...{ fingerprint: exampleAlert.fingerprint, rule: exampleAlert.rule, metric: exampleAlert.title },
    ...{ value: 0.71, baseline: 0.83, degradation: 0.14, bound: 0.747, since: exampleAlert.since },
  },
  next: {
    ...{ kind: 'next tier', at: '2026-01-05T09:10:30.000Z', targets: ['responder/ben'], names: ['ben'], text: 'ben is paged' },
  },
  ladder: [
    {
      ...{ state: 'paged', at: '2026-01-05T09:00:30.000Z', tier: 1, reason: 'triggered' },
      pages: [{ target: 'responder/ana', name: 'ana', outcome: 'delivered', at: '2026-01-05T09:00:31.000Z', contact: 'sns:ana' }],
    },
    {
      ...{ state: 'coming', at: '2026-01-05T09:10:30.000Z', tier: 2, kind: 'next tier' },
      pages: [{ target: 'responder/ben', name: 'ben' }],
    },
  ],
  actions: [
    { name: 'acknowledge', allowed: true },
    { name: 'rollback', allowed: false, why: 'no alert that fires in inc-4f1c09a2b7 names a rollback' },
  ],
  costs: [
    {
      text: '12400 EUR at stake in 310 predictions made from 2026-01-05 08:00 UTC on; labels are known for 60% of it: 3100 EUR wrong, 2200 EUR more than usual',
      ...{ source: 'payments', unit: 'EUR', labels: {}, predictions: 310, exposed: 12_400, unvalued: 0 },
      ...{ from: '2026-01-05T08:00:00.000Z', to: '2026-01-05T11:00:00.000Z' },
      judged: { known: 7440, wrong: 3100, usual: 900, beyond: 2200 },
    },
  ],
  changes: [{ at: '2026-01-05T08:00:00.000Z', kind: 'version', text: 'version 8 began to serve', by: 'its first records' }],
  changesFrom: '2026-01-04T09:00:00.000Z',
  changesComplete: true,
  runbooks: [{ name: 'accuracy-drop', title: 'Accuracy has dropped', url: '/runbooks/accuracy-drop', isOurs: true }],
};

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
      summary: 'List incidents in short, newest first, in pages',
      description: 'With a filter, an answer may hold fewer than `limit` and go on: it looks through 2,000 incidents at a time.',
      requestParams: {
        query: z.object({
          status: z.enum(statuses).default('open').meta({ description: '`open` is everything but `resolved`.' }),
          team: teamQuery,
          severity: namesOf(alertSeverities, 'What has ended counts by its worst.'),
          category: namesOf(categories),
          q: z
            .string()
            .min(1)
            .max(longestText)
            .optional()
            .meta({ description: 'Words that must all occur in the id, the title, the shared labels or the titles of alerts.' }),
          since: timeSchema.optional().meta({ description: 'Without those that were over by then.' }),
          limit: z.int().min(1).max(incidentPages.most).default(incidentPages.usual),
          cursor,
          synthetic: z
            .enum(['true', 'false'])
            .default('false')
            .meta({ description: '`true`: the last synthetic incident as well.' }),
        }),
      },
      responses: {
        '200': json(incidentListSchema, 'The incidents.', {
          ...{ at, found: { total: 1, isCut: false, counts: { info: 0, warn: 0, critical: 1 } } },
          ...{ incidents: [exampleInShort], next: `${Date.parse(exampleInShort.openedAt)}-${exampleInShort.id}` },
        }),
        '400': refusal('The query is wrong.', 'expected limit 1 to 1000; received "0"'),
      },
    }),
  },
  '/api/incidents/{id}': {
    get: look({
      operationId: 'showIncident',
      tags: ['Incidents'],
      summary: 'Show one incident: what is wrong, who has it, what happens next, what changed, and its timeline',
      requestParams: { path: z.object({ id: incidentId }) },
      responses: {
        '200': json(incidentDetailSchema, 'The incident.', {
          ...exampleDetail,
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
  '/api/incidents/{id}/timeline': {
    get: look({
      operationId: 'showTimeline',
      tags: ['Incidents'],
      summary: 'The timeline of an incident, newest first, in pages',
      requestParams: {
        path: z.object({ id: incidentId }),
        query: z.object({
          group: namesOf(timelineGroups, 'Only entries about these.'),
          limit: z.int().min(1).max(timelinePages.most).default(timelinePages.usual),
          cursor,
        }),
      },
      responses: {
        '200': json(timelineSchema, 'The entries.', {
          at,
          entries: [
            {
              ...{ at: '2026-01-05T09:00:30.000Z', kind: 'opened', severity: 'critical', actor: 'tocsin' },
              text: 'Accuracy of churn: 1 critical alert',
            },
          ],
        }),
        '400': refusal('The query is wrong.', 'expected cursor to be `next` of an earlier answer; received "x"'),
        '404': unknown,
      },
    }),
  },
  '/api/incidents/{id}/chart': {
    get: look({
      operationId: 'showIncidentChart',
      tags: ['Incidents'],
      summary: 'The metric of an incident over time, as data for a chart',
      description:
        'By default from before it began until it ended, or until now. A gap between points is a time of which nothing is known.',
      requestParams: {
        path: z.object({ id: incidentId }),
        query: z.object({
          range: chartRangeSchema.optional().meta({ description: 'So much time before its end, or before now.' }),
          from: timeSchema.optional().meta({ description: 'With `to`, in place of `range`.' }),
          to: timeSchema.optional(),
          series: z
            .string()
            .optional()
            .meta({ description: 'Fingerprint of the alert; by default the one that names the incident.' }),
        }),
      },
      responses: {
        '200': json(chartSchema, 'The chart.', exampleChart),
        '400': refusal('The query is wrong.', 'expected range 24h, 3d, 14d, 45d; received "1y"'),
        '404': refusal(
          'There is no such incident, or nothing was judged yet that a chart could show.',
          'there is no chart of inc-4f1c09a2b7: nothing is judged yet, or what another system judges',
        ),
      },
    }),
  },
  '/api/incidents/{id}/link': {
    post: deed({
      operationId: 'linkIncident',
      tags: ['Incidents'],
      summary: 'Let others look at one incident for a while',
      description:
        'Whoever has the link sees the page of this incident, with its chart and timeline, without signing in; and nothing else.',
      requestParams: { path: z.object({ id: incidentId }) },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: linkRequestSchema, example: { for: '24h' } } },
      },
      responses: {
        '200': json(linkMadeSchema, 'The link.', {
          at,
          message: 'whoever has a link may look at inc-4f1c09a2b7 until 2026-01-06 09:05 UTC',
          url: 'https://tocsin.example.com/link/eyJpbmNpZGVudCI6ImluYy00ZjFjMDlhMmI3In0.c2lnbmF0dXJl',
          until: '2026-01-06T09:05:00.000Z',
        }),
        '400': wrongBody,
        '404': unknown,
        '409': refusal(
          'There is nothing to sign links with.',
          'links are signed by the secret that settings.signIn.secret names, and it names none; docs/signing-in.md says how to set it up',
        ),
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
  '/api/incidents/{id}/note': {
    post: deed({
      operationId: 'noteOnIncident',
      tags: ['Incidents'],
      summary: 'Put what was found out or done on the timeline',
      description: 'Also of an incident that is over.',
      requestParams: { path: z.object({ id: incidentId }) },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: noteRequestSchema, example: { actor: 'cli:ana', text: 'the feed was moved' } } },
      },
      responses: {
        '200': json(doneSchema, 'It is on the timeline.', { message: 'inc-4f1c09a2b7: noted by cli:ana' }),
        '400': wrongBody,
        '404': unknown,
      },
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
