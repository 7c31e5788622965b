import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { mostChangesPerPost } from '../../../app/ingest/ingest-changes.ts';
import { changeKinds } from '../../../core/telemetry/changes/change.ts';
import { changePages, longestText } from '../../api/changes.ts';
import { changeListSchema } from '../../api/dto/change.ts';
import { compressed, faults, json, rateHeaders, refusal, sendersOnly, tooLarge } from '../answers.ts';
import { at } from '../examples.ts';
import { bodyLimit } from '../limits.ts';
import { cursor, idempotencyKey, namesOf } from '../parameters.ts';
import { look } from '../people.ts';
import { senders } from '../security.ts';
import { changesPostSchema, changesRefusedSchema, changesTakenSchema } from '../wire/changes.ts';

const example = {
  kind: 'deploy',
  labels: { model: 'churn', environment: 'prod' },
  version: '8',
  previousVersion: '7',
  by: 'ana',
  timestamp: '2026-01-05T09:00:00Z',
  link: 'https://github.com/acme/churn/actions/runs/42',
  id: 'run-42',
};
const listedExample = {
  ...{ id: 'chg-3b1f0c9d2e5a7788', at, kind: 'deploy', thing: 'model churn', text: 'model churn deployed, 7 → 8 (prod)' },
  ...{
    labels: example.labels,
    version: '8',
    previousVersion: '7',
    by: 'ana',
    link: example.link,
    sender: 'key:ci',
    receivedAt: at,
  },
  incidents: [{ id: 'inc-4f1d09a7c2', title: 'Accuracy of churn', status: 'triggered', severity: 'critical' }],
};
const taken = { accepted: 1, duplicates: 0, rejected: 0, rejections: [] };
const none = {
  accepted: 0,
  duplicates: 0,
  rejected: 1,
  rejections: [
    { index: 0, reason: 'labels: expected at least one label that names what was changed, such as { "model": "churn" }' },
  ],
};

export const changePaths: ZodOpenApiPathsObject = {
  '/api/changes': {
    get: look({
      operationId: 'listChanges',
      tags: ['Changes'],
      summary: 'List what was deployed, switched or altered, newest first, in pages',
      description:
        'As others said; kept for 90 days. With a filter, an answer may hold fewer than `limit` and go on: it looks through 5,000 changes at a time.',
      requestParams: {
        query: z.object({
          team: z.string().optional().meta({ description: 'Without what is labelled `owner` or `team` as of another team.' }),
          kind: namesOf(changeKinds),
          match: z
            .string()
            .optional()
            .meta({ description: 'Matchers of its labels.', examples: ['model="churn",environment=~"prod|live"'] }),
          q: z
            .string()
            .min(1)
            .max(longestText)
            .optional()
            .meta({ description: 'Words that must all occur in its text, versions, labels, or who did it.' }),
          from: z.string().optional().meta({ description: 'Changes from this time on.' }),
          to: z.string().optional().meta({ description: 'Changes before this time.' }),
          limit: z.int().min(1).max(changePages.most).default(changePages.usual),
          cursor,
        }),
      },
      responses: {
        '200': json(changeListSchema, 'The changes.', {
          at,
          changes: [listedExample],
          next: `${Date.parse(at)}-chg-3b1f0c9d2e5a7788`,
        }),
        '400': refusal('The query is wrong.', 'expected limit 1 to 1000; received "0"'),
      },
    }),
  },
  '/v1/changes': {
    post: {
      operationId: 'sendChanges',
      tags: ['Ingest'],
      summary: 'Tell what was deployed, switched or altered',
      description: `Changes are shown with the incidents that they may have caused, and put onto the timelines of open ones. Under the same \`id\` a change counts once. At most ${mostChangesPerPost} a request.`,
      security: senders,
      'x-max-body-bytes': bodyLimit.ingest,
      requestParams: { header: z.object({ 'Idempotency-Key': idempotencyKey }) },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: changesPostSchema, example },
          'application/x-ndjson': { schema: z.string().describe('One change a line.'), example: JSON.stringify(example) },
        },
      },
      responses: {
        '200': json(changesTakenSchema, 'Each change counts but those that `rejections` names.', taken, rateHeaders),
        '400': json(changesRefusedSchema, 'No change counts, and sending the same again is of no use.', none, rateHeaders),
        ...sendersOnly,
        ...tooLarge(`expected at most ${bodyLimit.ingest} bytes; send the changes in several requests`),
        ...compressed,
        ...faults,
      },
    },
  },
};
