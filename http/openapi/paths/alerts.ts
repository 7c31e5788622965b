import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { intakeNames } from '../../../core/alerting/intakes/intake.ts';
import { longestOption } from '../../../core/alerting/intakes/intake-options.ts';
import { compressed, faults, foreignOnly, json, rateHeaders, refusal, sendersOnly, tooLarge } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { sourceQuery } from '../parameters.ts';
import { everybody, senders } from '../security.ts';
import { alertDocumentSchema, alertsRefusedSchema, alertsTakenSchema, postedAlertsSchema } from '../wire/alerts.ts';

const alert = {
  labels: { alertname: 'HighLatency', service: 'scorer', severity: 'critical' },
  annotations: { summary: 'p99 above 1 s' },
  startsAt: '2026-01-05T09:00:00Z',
};

/** Both forms of an address: with the source in the query, and in front of the path. */
function inBothPlaces(
  path: string,
  method: 'get' | 'post',
  operation: ZodOpenApiOperationObject,
  named = true,
): ZodOpenApiPathsObject {
  const inPath = z.object({
    source: z.string().meta({ description: 'Name of the source in the config.', examples: ['prometheus'] }),
  });
  const query = named ? { requestParams: { query: z.object({ source: sourceQuery }) } } : {};
  return {
    [path]: { [method]: { ...operation, ...query } },
    [`/alerts/{source}${path}`]: {
      [method]: { ...operation, operationId: `${operation.operationId}Of`, requestParams: { path: inPath } },
    },
  };
}

const post: ZodOpenApiOperationObject = {
  operationId: 'postAlerts',
  tags: ['Alertmanager'],
  summary: 'Post alerts of Prometheus, as to an Alertmanager',
  description: 'At most 5 MB a request. Sending an alert again puts its end off.',
  security: senders,
  'x-max-body-bytes': bodyLimit.ingest,
  requestBody: { required: true, content: { 'application/json': { schema: postedAlertsSchema, example: [alert] } } },
  responses: {
    '200': {
      ...json(
        alertsTakenSchema,
        'All alerts were taken, durably. The body is empty, unless something was too long to store and was cut, was ignored as the source says, or was not understood.',
        { accepted: 1, cut: 1, cuts: [{ index: 0, reason: 'annotation description: 70000 characters, 500 kept' }] },
        rateHeaders,
      ),
      'x-may-be-empty': true,
    },
    '400': json(
      alertsRefusedSchema,
      'The body cannot be read; or some alerts were refused, and the others were taken.',
      { accepted: 1, rejected: 1, rejections: [{ index: 1, reason: 'labels: expected at least one label that is not empty' }] },
      rateHeaders,
    ),
    ...sendersOnly,
    ...tooLarge(`expected at most ${bodyLimit.ingest} bytes; send the alerts in several requests`),
    ...compressed,
    ...faults,
  },
};

const group = {
  version: '4',
  status: 'firing',
  receiver: 'tocsin',
  alerts: [{ status: 'firing', ...alert, endsAt: '0001-01-01T00:00:00Z' }],
  truncatedAlerts: 0,
};

const datasetQuery = z
  .string()
  .max(longestOption)
  .optional()
  .meta({
    description: 'The data set that was checked, for a document that does not name it, as those of Evidently.',
    examples: ['orders'],
  });
const modelQuery = z
  .string()
  .max(longestOption)
  .optional()
  .meta({
    description: 'The model that was checked, for a report of Evidently. Its columns are then features of that model.',
    examples: ['churn'],
  });

/** The formats of other systems, at one address each. */
const sendDocument: ZodOpenApiOperationObject = {
  operationId: 'sendAlertDocument',
  tags: ['Alertmanager'],
  summary: 'Send alerts, or results of checks, in the format of another system',
  description:
    'The webhooks of Alertmanager, Datadog and Grafana, and results of checks of Great Expectations, dbt, OpenLineage, Evidently and Feast: a check that fails fires, and passing resolves it ([checks.md](checks.md)). At most 5 MB a request, and 1 MB by a mapping of the config. What was taken counts once, however often it is sent.',
  security: senders,
  'x-max-body-bytes': bodyLimit.ingest,
  requestParams: {
    path: z.object({
      format: z.string().meta({
        description: `One of ${intakeNames.join(', ')}, or a name in \`intakes\` of the config.`,
        examples: ['alertmanager'],
      }),
    }),
    query: z.object({ source: sourceQuery, dataset: datasetQuery, model: modelQuery }),
  },
  requestBody: { required: true, content: { 'application/json': { schema: alertDocumentSchema, example: group } } },
  responses: {
    ...post.responses,
    '404': refusal('Nobody knows this format.', `expected one of ${intakeNames.join(', ')} after /v1/alerts/; received "grafna"`),
  },
};

const probe = (what: string): ZodOpenApiOperationObject => ({
  operationId: what,
  tags: ['Alertmanager'],
  summary: 'Whether something answers here; see `/healthz` for how it is',
  security: everybody,
  responses: {
    '200': { description: 'It does.', content: { 'text/plain': { schema: z.literal('OK'), example: 'OK' } } },
    ...foreignOnly,
  },
});

export const alertPaths: ZodOpenApiPathsObject = {
  ...inBothPlaces('/api/v2/alerts', 'post', post),
  '/v1/alerts/{format}': { post: sendDocument },
  ...inBothPlaces('/-/ready', 'get', probe('ready'), false),
  ...inBothPlaces('/-/healthy', 'get', probe('healthy'), false),
};
