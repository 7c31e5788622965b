import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { foreignOnly, json, retryAfter } from '../answers.ts';
import { inBothPlaces } from '../in-both-places.ts';
import { bodyLimit } from '../limits.ts';
import { senders } from '../security.ts';
import { together } from '../together.ts';

const pagerdutyEventSchema = z
  .looseObject({
    routing_key: z.string().optional().describe('The key of a sender; or it is in the header `Authorization`.'),
    event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
    dedup_key: z
      .string()
      .max(255)
      .nullish()
      .describe('What tells the alert from others. Made of what a trigger says if it is missing.'),
    payload: z.looseObject({ summary: z.string(), source: z.string() }).optional().describe('Needed by a trigger.'),
  })
  .meta({ id: 'PagerdutyEvent', description: "An event of PagerDuty's Events API v2. Further fields are ignored." });

const pagerdutyChangeSchema = z
  .looseObject({
    routing_key: z.string().optional().describe('The key of a sender; or it is in the header `Authorization`.'),
    payload: z.looseObject({
      summary: z.string(),
      source: z.string().nullish(),
      timestamp: z.string().nullish(),
      custom_details: z.looseObject({}).nullish(),
    }),
    links: z
      .array(z.looseObject({ href: z.string() }))
      .nullish()
      .describe('The first is kept.'),
  })
  .meta({ id: 'PagerdutyChange', description: "A change event of PagerDuty's Events API v2. Further fields are ignored." });

const pagerdutyChangeTakenSchema = z
  .object({ status: z.literal('success'), message: z.string() })
  .meta({ id: 'PagerdutyChangeTaken' });

const pagerdutyTakenSchema = z
  .object({ status: z.literal('success'), message: z.string(), dedup_key: z.string() })
  .meta({ id: 'PagerdutyTaken' });

const pagerdutyRefusedSchema = z
  .object({ status: z.string(), message: z.string(), errors: z.array(z.string()) })
  .meta({ id: 'PagerdutyRefused' });

const opsgenieAlertSchema = z
  .looseObject({ message: z.string(), alias: z.string().max(512).nullish() })
  .meta({ id: 'OpsgenieAlert', description: "The body of Opsgenie's `POST /v2/alerts`. Further fields are ignored." });

const opsgenieDeedSchema = z
  .looseObject({ user: z.string().nullish(), note: z.string().nullish() })
  .meta({ id: 'OpsgenieDeed', description: 'Who, and a note for the timeline.' });

const opsgenieTakenSchema = z
  .object({ result: z.string(), took: z.number(), requestId: z.string() })
  .meta({ id: 'OpsgenieTaken' });

const opsgenieRefusedSchema = z
  .object({ message: z.string(), took: z.number(), requestId: z.string() })
  .meta({ id: 'OpsgenieRefused' });

const opsgenieRequestSchema = z
  .object({
    data: z.object({
      success: z.boolean(),
      isSuccess: z.boolean(),
      action: z.string(),
      processedAt: z.iso.datetime(),
      integrationId: z.string(),
      status: z.string(),
      alertId: z.string(),
    }),
    took: z.number(),
    requestId: z.string(),
  })
  .meta({ id: 'OpsgenieRequest' });

const noPagerduty = (description: string, error: string, headers = {}) =>
  json(
    pagerdutyRefusedSchema,
    description,
    { status: 'invalid event', message: 'Event object is invalid', errors: [error] },
    headers,
  );
const noOpsgenie = (description: string, message: string, headers = {}) =>
  json(opsgenieRefusedSchema, description, { message, took: 0, requestId: 'refused_not-done__l3x0k2q1' }, headers);

const pagerdutyFaults = {
  '413': noPagerduty('More than 512 KB.', 'expected at most 524288 bytes'),
  '429': noPagerduty('The key has used up its rate.', 'key ci may send 60 requests per minute; retry in 1 s', retryAfter),
  '500': noPagerduty('An error inside Tocsin.', 'internal error; see the log'),
  '503': noPagerduty('The store cannot be used now; send it again.', 'nothing of this was stored, send it again', retryAfter),
  ...foreignOnly,
};

const opsgenieFaults = {
  '401': noOpsgenie('The key is missing or unknown.', 'expected the ingest key as a bearer token'),
  '429': noOpsgenie('The key has used up its rate.', 'key ci may send 60 requests per minute; retry in 1 s', retryAfter),
  '500': noOpsgenie('An error inside Tocsin.', 'internal error; see the log'),
  '503': noOpsgenie('The store cannot be used now; send it again.', 'nothing of this was stored, send it again', retryAfter),
  // Also a web page of another origin, which is refused as everywhere.
  '403': json(
    z.union([opsgenieRefusedSchema, z.object({ error: z.string() })]),
    'The key may not do this, or not at this source; or a web page of another origin sent it.',
    {
      message: 'the key may not act on incidents: to acknowledge takes the scope respond',
      took: 0,
      requestId: 'refused_not-done__l3x0k2q1',
    },
  ),
};

const opsgenieTaken = json(opsgenieTakenSchema, 'It was carried out, or there was nothing to do; the answer says which.', {
  result: 'Request processed: taken',
  took: 0,
  requestId: 'create_done_5f0a3c9d1b2e4f60_mk0d8v5c',
});

const sent = (operation: ZodOpenApiOperationObject): ZodOpenApiOperationObject => ({
  security: senders,
  'x-max-body-bytes': bodyLimit.event,
  ...operation,
});

const identifier = {
  identifier: z.string().meta({ description: 'The alias or id of the alert.', examples: ['churn/accuracy'] }),
};
const byAlias = z.object({
  identifierType: z
    .enum(['id', 'alias'])
    .optional()
    .meta({ description: 'Default `id`.', examples: ['alias'] }),
});

const deed = (name: string, summary: string, example: object): ZodOpenApiPathsObject =>
  inBothPlaces(
    `/v2/alerts/{identifier}/${name}`,
    'post',
    sent({
      operationId: `opsgenie${name[0]?.toUpperCase()}${name.slice(1)}`,
      tags: ['Opsgenie'],
      summary,
      requestParams: { query: byAlias },
      requestBody: { required: false, content: { 'application/json': { schema: opsgenieDeedSchema, example } } },
      responses: {
        '202': opsgenieTaken,
        '413': noOpsgenie('The body is too large.', 'expected at most 524288 bytes'),
        '415': noOpsgenie('The body is compressed.', 'expected a body without content encoding; received gzip'),
        '422': noOpsgenie('It makes no sense.', 'identifierType: expected alias or id; received "tiny"'),
        ...opsgenieFaults,
      },
    }),
    identifier,
  );

export const eventPathsOfOthers: ZodOpenApiPathsObject = together(
  inBothPlaces(
    '/v2/enqueue',
    'post',
    sent({
      operationId: 'pagerdutyEvent',
      tags: ['PagerDuty'],
      summary: 'Trigger, acknowledge or resolve an alert, as with the Events API v2',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: pagerdutyEventSchema,
            example: {
              routing_key: 'R0UT1NGKEY',
              event_action: 'trigger',
              dedup_key: 'churn/accuracy',
              payload: { summary: 'Accuracy fell to 0.71', source: 'churn-batch', severity: 'critical' },
            },
          },
        },
      },
      responses: {
        '202': json(pagerdutyTakenSchema, 'It was taken.', {
          status: 'success',
          message: 'Event processed: taken',
          dedup_key: 'churn/accuracy',
        }),
        '400': noPagerduty('It makes no sense, or the key is not good for it.', "'payload.summary' is missing or blank"),
        ...pagerdutyFaults,
      },
    }),
  ),
  inBothPlaces(
    '/v2/change/enqueue',
    'post',
    sent({
      operationId: 'pagerdutyChange',
      tags: ['PagerDuty'],
      summary: 'Tell of a change',
      description:
        'As [/v1/changes](#post-v1changes). `custom_details` name what was changed; `version`, `previous_version`, `kind`, `by` and `id` there say the rest.',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: pagerdutyChangeSchema,
            example: {
              routing_key: 'R0UT1NGKEY',
              payload: {
                summary: 'Deployed churn v8',
                source: 'ci',
                timestamp: '2026-01-05T09:00:00Z',
                custom_details: { model: 'churn', version: 8 },
              },
            },
          },
        },
      },
      responses: {
        '202': json(pagerdutyChangeTakenSchema, 'It was taken.', { status: 'success', message: 'Change event processed' }),
        '400': noPagerduty('It makes no sense, or the key is not good for it.', "'payload.summary' is missing or blank"),
        ...pagerdutyFaults,
      },
    }),
  ),
  inBothPlaces(
    '/v2/alerts',
    'post',
    sent({
      operationId: 'opsgenieCreate',
      tags: ['Opsgenie'],
      summary: 'Create an alert',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: opsgenieAlertSchema,
            example: { message: 'Accuracy fell to 0.71', alias: 'churn/accuracy', priority: 'P1', entity: 'churn' },
          },
        },
      },
      responses: {
        '202': opsgenieTaken,
        '413': noOpsgenie('The body is too large.', 'expected at most 524288 bytes'),
        '415': noOpsgenie('The body is compressed.', 'expected a body without content encoding; received gzip'),
        '422': noOpsgenie('It makes no sense.', 'message: expected a text that is not empty'),
        ...opsgenieFaults,
      },
    }),
  ),
  deed('close', 'Close an alert', { user: 'ana', note: 'rolled back' }),
  deed('acknowledge', 'Acknowledge an alert', { user: 'ana', note: 'on it' }),
  deed('notes', 'Write a note onto the timeline of its incident', { user: 'ana', note: 'it began with the deploy' }),
  inBothPlaces(
    '/v2/alerts/requests/{id}',
    'get',
    {
      operationId: 'opsgenieRequest',
      tags: ['Opsgenie'],
      summary: 'What became of a request',
      security: senders,
      responses: {
        '200': json(opsgenieRequestSchema, 'It was carried out before it was answered.', {
          data: {
            ...{ success: true, isSuccess: true, action: 'create', processedAt: '2026-01-05T09:00:00.000Z' },
            ...{ integrationId: 'tocsin', status: 'create was processed', alertId: '5f0a3c9d1b2e4f60' },
          },
          took: 0,
          requestId: 'create_done_5f0a3c9d1b2e4f60_mk0d8v5c',
        }),
        '404': noOpsgenie('There is none.', 'there is no request "x"'),
        ...opsgenieFaults,
      },
    },
    { id: z.string().meta({ description: 'As it was answered.', examples: ['create_done_5f0a3c9d1b2e4f60_mk0d8v5c'] }) },
  ),
);
