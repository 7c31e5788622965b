import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { heartbeatStates } from '../../../core/alerting/heartbeats/heartbeat.ts';
import { heartbeatListSchema, heartbeatSchema } from '../../api/dto/heartbeat.ts';
import { faults, json, rateHeaders, refusal, sendersOnly, tooLarge } from '../answers.ts';
import { at } from '../examples.ts';
import { bodyLimit } from '../limits.ts';
import { look } from '../people.ts';
import { everybody, senders } from '../security.ts';
import { heartbeatTakenSchema } from '../wire/heartbeat.ts';

const name = z.string().meta({ description: 'Name of the heartbeat in the config.', examples: ['nightly-features'] });
const state = z.string().meta({
  description: `${heartbeatStates.join(', ')}; or an exit code, of which 0 is a success.`,
  examples: ['start'],
});
const query = z.object({
  run: z.string().optional().meta({ description: 'Tells runs apart that overlap. Up to 100 characters.' }),
  exit: z.string().optional().meta({ description: 'The exit code. Another than 0 is a failure.' }),
  done: z.string().optional().meta({ description: 'How much is done: from 0 to 1, or of `total`.' }),
  total: z.string().optional(),
});

const report = (operationId: string, summary: string, path: z.ZodObject): ZodOpenApiOperationObject => ({
  operationId,
  tags: ['Ingest'],
  summary,
  description:
    'A report that is sent again changes nothing. The body is what the job printed; its last 10,000 characters are kept.',
  security: senders,
  'x-max-body-bytes': bodyLimit.heartbeat,
  requestParams: { path, query },
  requestBody: { required: false, content: { 'text/plain': { schema: z.string(), example: 'wrote 12,431 rows' } } },
  responses: {
    '200': json(
      heartbeatTakenSchema,
      'It is kept, durably.',
      { heartbeat: 'nightly-features', state: 'success', counted: true },
      rateHeaders,
    ),
    '400': refusal(
      'It cannot be read.',
      'expected start, progress, success, fail or an exit code after the name; received "done"',
    ),
    '404': refusal(
      'There is no such heartbeat, or the key may not report it.',
      'expected the name of a heartbeat; received "nightly"; there are nightly-features',
    ),
    ...sendersOnly,
    ...tooLarge(`expected at most ${bodyLimit.heartbeat} bytes; send the end of the log`),
    ...faults,
  },
});

const notByGet = (operationId: string, path: z.ZodObject): ZodOpenApiOperationObject => ({
  operationId,
  tags: ['Ingest'],
  summary: 'Refused: a report is sent with POST',
  description: 'Whatever follows links, such as a web page that somebody looks at, reports nothing.',
  security: everybody,
  requestParams: { path },
  responses: {
    '405': refusal('Reports are sent with POST.', 'a report of a job is a POST; received GET; send POST', {
      Allow: { description: 'What is taken.', required: true, schema: { type: 'string' as const }, example: 'POST' },
    }),
  },
});

const run = {
  startedAt: '2026-01-05T02:10:00.000Z',
  done: 0.4,
};
const heartbeat = {
  name: 'nightly-features',
  title: 'Nightly features',
  owner: 'data-platform',
  labels: { dataset: 'features' },
  runbook: 'job-late',
  cron: '0 3 * * *',
  timezone: 'Europe/Berlin',
  standing: 'in trouble',
  severity: 'warn',
  incident: 'inc-4f1c09a2b7',
  troubles: [
    {
      kind: 'deadline at risk',
      since: '2026-01-05T03:38:00.000Z',
      text: 'nightly-features is at 40%, running since 03:10 Europe/Berlin; at this rate it ends at 06:50, 50m after its deadline 06:00',
    },
  ],
  since: '2026-01-01T00:00:00.000Z',
  succeededAt: '2026-01-04T04:31:00.000Z',
  nextDueAt: '2026-01-06T02:00:00.000Z',
  running: run,
  deadline: {
    at: '2026-01-05T05:00:00.000Z',
    forecast: {
      endsAt: '2026-01-05T05:50:00.000Z',
      by: 'progress',
      text: 'nightly-features is at 40%, running since 03:10 Europe/Berlin; at this rate it ends at 06:50',
    },
  },
  runs: [{ startedAt: '2026-01-04T02:00:00.000Z', endedAt: '2026-01-04T04:31:00.000Z', outcome: 'success', exitCode: 0 }, run],
};

export const heartbeatPaths: ZodOpenApiPathsObject = {
  '/v1/heartbeats/{name}': {
    get: notByGet('refuseSuccessByGet', z.object({ name })),
    post: report('reportSuccess', 'Report that a job has succeeded', z.object({ name })),
  },
  '/v1/heartbeats/{name}/{state}': {
    get: notByGet('refuseReportByGet', z.object({ name, state })),
    post: report('reportHeartbeat', 'Report the start, the progress or the end of a run of a job', z.object({ name, state })),
  },
  '/api/heartbeats': {
    get: look({
      operationId: 'listHeartbeats',
      tags: ['Heartbeats'],
      summary: 'How jobs do that report their runs',
      responses: { '200': json(heartbeatListSchema, 'Each of them, those in trouble first.', { at, heartbeats: [heartbeat] }) },
    }),
  },
  '/api/heartbeats/{name}': {
    get: look({
      operationId: 'showHeartbeat',
      tags: ['Heartbeats'],
      summary: 'One of them, with the logs of its runs',
      requestParams: { path: z.object({ name }) },
      responses: {
        '200': json(heartbeatSchema, 'It, with its newest 50 runs.', { at, ...heartbeat }),
        '404': refusal('There is no such heartbeat.', 'there is no heartbeat "nightly"'),
      },
    }),
  },
};
