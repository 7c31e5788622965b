import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { exampleAlert, exampleIncident } from './examples.ts';
import { signedByUs } from './security.ts';
import { hookAnswerSchema, hookQuestionSchema } from './wire/rollback-hook.ts';
import { webhookDigestSchema } from './wire/webhook-digest.ts';
import { webhookPageSchema } from './wire/webhook-page.ts';

const header = z.object({
  'Tocsin-Signature': z.string().meta({
    description: '`t=UNIX SECONDS,v1=HMAC-SHA256` over `t.body`, in hex; there may be several `v1`, one of which has to match.',
  }),
  'Tocsin-Key': z.string().optional().meta({ description: 'The same on every attempt: drop repeats by it.' }),
});

const answers: ZodOpenApiOperationObject['responses'] = {
  '4XX': { description: 'Refused for good; 408, 425 and 429 are tried again.' },
  '5XX': { description: 'Tried again later; `Retry-After` is honoured.' },
};

const { alerts: _, ...incident } = exampleIncident;
const { rule, fingerprint, title, labels, severity, state, since, reason, runbook } = exampleAlert;

/** What Tocsin calls, at the addresses that the config names. */
export const webhooks: ZodOpenApiPathsObject = {
  page: {
    post: {
      operationId: 'receivePage',
      tags: ['Webhooks'],
      summary: 'A page to a contact of the kind `webhook`',
      description: 'Tried again until it is taken. Answer any 2xx within 5 s.',
      security: signedByUs,
      requestParams: { header },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: webhookPageSchema,
            example: {
              ...{ version: 1, kind: 'page', key: 'inc-4f1c09a2b7#3#0', at: '2026-01-05T09:00:30.000Z' },
              ...{ reason: 'triggered', why: 'a critical alert fired', target: 'responder/ana', tier: 1 },
              incident: {
                ...{ id: incident.id, status: incident.status, severity, category: incident.category, title, since },
                ...{ labels: incident.groupLabels, url: 'https://tocsin.example.com/incidents/inc-4f1c09a2b7' },
              },
              ...{ whatChanged: [], causes: [], related: [], alertCount: 1, held: [], heldCount: 0 },
              alerts: [{ fingerprint, rule, title, labels, severity, state, since, reason, runbook }],
            },
          },
        },
      },
      responses: { '2XX': { description: 'It was taken; the body is not read.' }, ...answers },
    },
  },
  digest: {
    post: {
      operationId: 'receiveDigest',
      tags: ['Webhooks'],
      summary: 'A digest to a contact of the kind `webhook`',
      description: 'News that nobody has to act on. Tried again for an hour. Answer any 2xx within 5 s.',
      security: signedByUs,
      requestParams: { header },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: webhookDigestSchema,
            example: {
              ...{ version: 1, kind: 'digest', key: 'digest/weekly#1767596400000#0', at: '2026-01-05T07:00:05.000Z' },
              ...{ title: 'Digest weekly', lines: ['Paged:', '  responder/ana: 2 pages'], url: 'https://tocsin.example.com' },
            },
          },
        },
      },
      responses: { '2XX': { description: 'It was taken; the body is not read.' }, ...answers },
    },
  },
  rollbackHook: {
    post: {
      operationId: 'answerRollbackHook',
      tags: ['Webhooks'],
      summary: 'A question to the rollback hook of a deployment',
      description:
        'What is deployed (`describe`), or to go back to an earlier version (`rollback`). Answer a rollback once it is done.',
      security: signedByUs,
      requestParams: { header },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: hookQuestionSchema, example: { version: 1, action: 'describe', deployment: 'scorer' } },
        },
      },
      responses: {
        '200': {
          description: 'What is deployed; or that it is done.',
          content: {
            'application/json': {
              schema: hookAnswerSchema,
              example: { current: '7', revision: 'abc123', candidates: [{ version: '6', servedMs: 259_200_000 }] },
            },
          },
        },
        '409': { description: '`from` has no traffic any more, or `revision` has changed: there is nothing to undo.' },
        '422': { description: '`to` does not exist any more.' },
        ...answers,
      },
    },
  },
};
