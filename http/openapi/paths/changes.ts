import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { mostChangesPerPost } from '../../../app/ingest/ingest-changes.ts';
import { compressed, faults, json, rateHeaders, sendersOnly, tooLarge } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { idempotencyKey } from '../parameters.ts';
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
