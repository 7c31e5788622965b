import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { nowSchema } from '../../api/dto/now.ts';
import { sparklinesSchema } from '../../api/dto/sparkline.ts';
import { mostHours, mostSparklines } from '../../api/now.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleInShort } from '../examples.ts';
import { look } from '../people.ts';
import { noSuchTeam, teamQuery } from '../team.ts';

export const exampleCounts = { critical: 1, warn: 0, error: 0, 'no data': 0, 'insufficient evidence': 1, starting: 0, ok: 3 };
export const exampleRuleHealth = {
  rule: 'slow',
  title: 'slow',
  group: { kind: 'source', name: 'pushed' },
  health: 'critical',
  since: at,
  alerts: 1,
  judgedAt: at,
  nextAt: at,
  value: 250,
  bound: 200,
  labels: { model: 'm' },
  series: 1,
} as const;
const spark = {
  rule: 'slow',
  fingerprint: 'ec39b1c8d1b0e773',
  labels: { model: 'm' },
  from: at,
  slotMs: 3_600_000,
  values: [10, null, 250],
  warn: 100,
  critical: 200,
};
const unsure = {
  ...{
    rule: 'churn-accuracy',
    title: 'Accuracy of churn',
    group: { kind: 'model', name: 'churn' },
    health: 'insufficient evidence',
  },
  ...{ since: at, reason: 'too few samples: accuracy 0.71 rests on 41 of at least 100 (minCount)', alerts: 0 },
};

/** What the first screen of the console shows. */
export const nowPaths: ZodOpenApiPathsObject = {
  '/api/now': {
    get: look({
      operationId: 'showNow',
      tags: ['Rules'],
      summary: 'What is wrong, who has it, what is not judged, and what happens next',
      description:
        'All that somebody on call wants to know first. Each list says how many there are in all, and shows only some.',
      requestParams: { query: z.object({ team: teamQuery }) },
      responses: {
        '200': json(nowSchema, 'As of now.', {
          at,
          headline: {
            title: 'slow: critical; ana has been paged and has not answered.',
            detail: '3 of 5 rules are well; 1 cannot tell.',
          },
          counts: exampleCounts,
          incidents: {
            total: 1,
            shown: [{ ...exampleInShort, spark }],
          },
          models: {
            total: 1,
            shown: [{ kind: 'source', name: 'pushed', counts: exampleCounts, total: 5, cells: [exampleRuleHealth] }],
          },
          onCall: [{ schedule: 'ml', responder: 'ana', from: at, until: at, namedBy: 'rotation', next: 'ben' }],
          notJudged: { total: 1, shown: [unsure] },
          changes: {
            total: 1,
            shown: [{ at, kind: 'silence', text: 'no pages for model=churn until 21:12: feed is moved', by: 'lea' }],
          },
          upcoming: { total: 1, shown: [{ at, kind: 'page', text: 'slow (m): ben is paged', incident: 'inc-4f1c09a2b7' }] },
        }),
        '400': refusal('There is no such team.', noSuchTeam),
      },
    }),
  },
  '/api/sparklines': {
    get: look({
      operationId: 'showSparklines',
      tags: ['Rules'],
      summary: 'Small charts of rules',
      description:
        'Each of the series by which its rule is shown: one with an alert, if any. Rules that have judged nothing are left out.',
      requestParams: {
        query: z.object({
          rules: z
            .string()
            .meta({ description: `Ids of at most ${mostSparklines} rules, with commas between.`, examples: ['slow'] }),
          hours: z.int().min(1).max(mostHours).default(48).meta({ description: 'How far back.' }),
        }),
      },
      responses: {
        '200': json(sparklinesSchema, 'In the order of `rules`.', { at, sparklines: [spark] }),
        '400': refusal('The query is wrong.', `expected rules as 1 to ${mostSparklines} ids with commas between; received 0`),
      },
    }),
  },
};
