import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { faults, foreignOnly, json, peopleOnly, tooLarge } from '../answers.ts';
import { inBothPlaces, sourceInPath } from '../in-both-places.ts';
import { bodyLimit } from '../limits.ts';
import { everybody, people } from '../security.ts';
import { together } from '../together.ts';
import {
  alertGroupsSchema,
  eitherRefusalSchema,
  gettableAlertsSchema,
  gettableSilenceSchema,
  gettableSilencesSchema,
  invalidSchema,
  postedSilenceSchema,
  receiversSchema,
  refusedTextSchema,
  silenceIdSchema,
} from '../wire/alertmanager.ts';
import { alertmanagerStatusSchema } from '../wire/alerts.ts';

const silenceId = z.string().meta({ description: 'Id of the silence.', examples: ['sil-3b1f0c9d2e'] });

const asked = (operation: ZodOpenApiOperationObject): ZodOpenApiOperationObject => ({
  tags: ['Alertmanager'],
  security: people,
  ...operation,
  responses: { ...operation.responses, ...peopleOnly, ...faults },
});

const flag = (what: string) =>
  z
    .string()
    .optional()
    .meta({ description: `\`false\` leaves out ${what}.`, examples: ['false'] });

const alertQuery = z.object({
  filter: z
    .array(z.string())
    .optional()
    .meta({ description: 'A matcher; may be repeated, and all must hold.', examples: [['service="scorer"']] }),
  active: flag('alerts that page'),
  silenced: flag('those that a silence mutes'),
  inhibited: flag('those that another alert mutes'),
  muted: flag('those that a mute timing or a route mutes'),
  unprocessed: z.string().optional().meta({ description: 'Changes nothing: no alert waits to be processed.' }),
  receiver: z
    .string()
    .optional()
    .meta({ description: 'A pattern for the whole name of a receiver.', examples: ['page|tell'] }),
});

const alert = {
  labels: { alertname: 'HighLatency', service: 'scorer', severity: 'page' },
  annotations: { summary: 'p99 above 1 s', description: 'p99 is 3 s', runbook: 'latency-spike' },
  startsAt: '2026-01-05T09:00:00.000Z',
  endsAt: '2026-01-05T09:09:00.000Z',
  updatedAt: '2026-01-05T09:05:00.000Z',
  fingerprint: '5f0a3c9d1b2e4f60',
  receivers: [{ name: 'page' }],
  status: { state: 'suppressed', silencedBy: ['sil-3b1f0c9d2e'], inhibitedBy: [], mutedBy: [] },
  generatorURL: 'http://prometheus.example/graph',
};

const posted = {
  matchers: [{ name: 'service', value: 'scorer', isRegex: false, isEqual: true }],
  startsAt: '2026-01-05T09:00:00.000Z',
  endsAt: '2026-01-05T11:00:00.000Z',
  createdBy: 'ana',
  comment: 'deploying',
};
const silence = { id: 'sil-3b1f0c9d2e', ...posted, updatedAt: '2026-01-05T09:00:00.000Z', status: { state: 'active' } };

const badFilter = json(
  refusedTextSchema,
  'A filter or the pattern of a receiver cannot be read.',
  'bad matcher format: expected = or != or =~ or !~ after the label "a"; received nothing',
);
const badFlag = json(invalidSchema, 'A parameter is not true or false.', {
  code: 601,
  message: 'active in query must be of type boolean: "maybe"',
});
const noSilence = json(refusedTextSchema, 'There is none.', 'silence "sil-0" not found');
const raced = json(
  refusedTextSchema,
  'Somebody else changed it at the same time.',
  'the silence sil-3b1f0c9d2e has just been ended by another',
);

const text = (schema: z.ZodType, description: string, example: string) => ({
  description,
  content: { 'text/plain': { schema, example } },
});

export const alertmanagerPaths: ZodOpenApiPathsObject = together(
  inBothPlaces(
    '/api/v2/alerts',
    'get',
    asked({
      operationId: 'alertmanagerAlerts',
      summary: 'List the alerts that fire, of rules and of other systems',
      requestParams: { query: alertQuery },
      responses: { '200': json(gettableAlertsSchema, 'By fingerprint.', [alert]), '400': badFilter, '422': badFlag },
    }),
  ),
  inBothPlaces(
    '/api/v2/alerts/groups',
    'get',
    asked({
      operationId: 'alertmanagerGroups',
      summary: 'List them as incidents group them',
      requestParams: { query: alertQuery },
      responses: {
        '200': json(alertGroupsSchema, 'A group for each receiver.', [
          { labels: { service: 'scorer' }, receiver: { name: 'page' }, alerts: [alert] },
        ]),
        '400': badFilter,
        '422': badFlag,
      },
    }),
  ),
  inBothPlaces(
    '/api/v2/silences',
    'get',
    asked({
      operationId: 'alertmanagerSilences',
      summary: 'List silences, with those that ended in the last five days',
      requestParams: { query: alertQuery.pick({ filter: true }) },
      responses: { '200': json(gettableSilencesSchema, 'The active ones first.', [silence]), '400': badFilter },
    }),
  ),
  inBothPlaces('/api/v2/silences', 'post', {
    ...asked({
      operationId: 'alertmanagerSilence',
      summary: 'Make a silence, or change one',
      'x-max-body-bytes': bodyLimit.api,
      requestBody: { required: true, content: { 'application/json': { schema: postedSilenceSchema, example: posted } } },
      responses: {
        '200': json(silenceIdSchema, 'Its id; another one than that in the body if its matchers changed.', {
          silenceID: 'sil-3b1f0c9d2e',
        }),
        '400': json(
          eitherRefusalSchema,
          'It makes no sense, or the role is too low for so long a silence.',
          'invalid silence: a silence ends after now; received 2026-01-05 08:00 UTC',
        ),
        '404': noSilence,
        '409': raced,
        '422': json(invalidSchema, 'A field is missing or wrong.', {
          code: 602,
          message: 'silence.comment in body is required',
        }),
        ...tooLarge('the body is too large for this URL'),
      },
    }),
  }),
  inBothPlaces(
    '/api/v2/silence/{id}',
    'get',
    asked({
      operationId: 'alertmanagerShowSilence',
      summary: 'Show one silence',
      responses: { '200': json(gettableSilenceSchema, 'The silence.', silence), '404': noSilence },
    }),
    { id: silenceId },
  ),
  inBothPlaces(
    '/api/v2/silence/{id}',
    'delete',
    asked({
      operationId: 'alertmanagerExpireSilence',
      summary: 'End a silence now',
      responses: { '200': { description: 'It has ended.' }, '404': noSilence, '409': raced },
    }),
    { id: silenceId },
  ),
  inBothPlaces(
    '/api/v2/receivers',
    'get',
    asked({
      operationId: 'alertmanagerReceivers',
      summary: 'List escalation policies, as receivers',
      responses: { '200': json(receiversSchema, 'Each of them.', [{ name: 'page' }, { name: '(nobody)' }]) },
    }),
  ),
  inBothPlaces(
    '/api/v2/status',
    'get',
    asked({
      operationId: 'alertmanagerStatus',
      summary: 'Show the version, and the routes as a config of Alertmanager',
      responses: {
        '200': json(alertmanagerStatusSchema, 'There is no cluster.', {
          cluster: { status: 'disabled', peers: [] },
          versionInfo: {
            ...{ version: '0.25.0+tocsin.0.1.0', revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
          },
          config: { original: 'route:\n  receiver: page\nreceivers:\n  - name: page\n' },
          uptime: '2026-01-05T09:00:00.000Z',
        }),
      },
    }),
  ),
  inBothPlaces('/-/reload', 'post', {
    operationId: 'alertmanagerReload',
    tags: ['Alertmanager'],
    summary: 'Is refused: the config is read at the start',
    security: everybody,
    responses: {
      '501': text(z.string(), 'Nothing was reloaded; the answer says what to do.', 'Tocsin reads its config when it starts'),
      ...foreignOnly,
    },
  }),
  {
    '/alerts/{source}/metrics': {
      get: {
        operationId: 'alertmanagerMetrics',
        tags: ['Alertmanager'],
        summary: 'The version of the API, by which clients find it out',
        security: everybody,
        requestParams: { path: z.object({ source: sourceInPath }) },
        responses: {
          '200': text(
            z.string(),
            'The metric `alertmanager_build_info` alone; without a source it is among the [others](#get-metrics).',
            'alertmanager_build_info{branch="",goversion="",revision="",version="0.25.0+tocsin.0.1.0"} 1',
          ),
          ...foreignOnly,
        },
      },
    },
  },
);
