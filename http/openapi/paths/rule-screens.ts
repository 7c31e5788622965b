import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { backtestRequestSchema, ruleBacktestSchema } from '../../api/dto/rule-backtest.ts';
import { ruleDetailSchema } from '../../api/dto/rule-detail.ts';
import { healthStateSchema } from '../../api/dto/rule-health.ts';
import { ruleListSchema } from '../../api/dto/rule-list.ts';
import { mostListed } from '../../api/rule-health.ts';
import { json, refusal } from '../answers.ts';
import { at } from '../examples.ts';
import { ruleId } from '../parameters.ts';
import { deed, look } from '../people.ts';
import { teamQuery } from '../team.ts';
import { exampleCounts, exampleRuleHealth } from './now.ts';

const lane = { alerts: 3, pages: 4, pagesAWeek: 0.6, firingShare: 0.08, spans: [{ from: at, to: at, severity: 'critical' }] };
const noRule = refusal('There is no such rule.', 'there is no rule "slwo"; did you mean slow?');

/** What the screens of rules show. */
export const ruleScreenPaths: ZodOpenApiPathsObject = {
  '/api/rule-health': {
    get: look({
      operationId: 'listRuleHealth',
      tags: ['Rules'],
      summary: 'Rules by model, with how they are and their last values',
      description: 'A rule that is not judged is not to be taken for well. Long lists come page by page.',
      requestParams: {
        query: z.object({
          q: z.string().optional().meta({ description: 'Words that must all occur in id, title or model.' }),
          model: z.string().optional().meta({ description: 'Name of a model, or of what else rules are listed under.' }),
          health: healthStateSchema.optional(),
          team: teamQuery,
          limit: z.int().min(1).max(mostListed).default(200),
          cursor: z.string().optional().meta({ description: '`next` of an earlier answer to the same query.' }),
        }),
      },
      responses: {
        '200': json(ruleListSchema, 'One page of them.', {
          at,
          total: 5,
          counts: exampleCounts,
          models: { total: 1, shown: [{ kind: 'source', name: 'pushed', counts: exampleCounts }] },
          rules: [exampleRuleHealth],
          next: 'slow',
        }),
        '400': refusal('The query is wrong.', `expected limit 1 to ${mostListed}; received "0"`),
      },
    }),
  },
  '/api/rules/{rule}': {
    get: look({
      operationId: 'showRule',
      tags: ['Rules'],
      summary: 'One rule: how it is, what it judges by, who would be paged, and its incidents',
      requestParams: { path: z.object({ rule: ruleId }) },
      responses: {
        '200': json(ruleDetailSchema, 'What is known of it.', {
          ...{ at, rule: exampleRuleHealth, kind: 'threshold', category: 'latency', runbook: 'latency-spike', source: 'pushed' },
          ...{ metric: 'latency', stepMs: 60_000, everyMs: 60_000, for: { m: 1, n: 1 }, keepFiringMs: 0, minCount: 0 },
          bands: [{ severity: 'critical', begins: 'above 200', ends: 'at 200 or below' }],
          tries: { unit: 'value', warn: 100, critical: 200 },
          definition: { file: 'config/latency.yaml', line: 8, yaml: 'slow:\n  source: pushed' },
          series: {
            total: 1,
            shown: [
              {
                ...{ fingerprint: 'ec39b1c8d1b0e773', labels: { model: 'm' }, status: 'critical', judgedAt: at, pointAt: at },
                ...{ reason: 'latency 250 (critical above 200), 1 of 1 points', value: 250, bound: 200, breaching: 1, looked: 1 },
              },
            ],
          },
          routes: [],
          incidents: [{ id: 'inc-4f1c09a2b7', title: 'slow (m)', severity: 'critical', status: 'triggered', since: at }],
          month: { incidents: 1, openShare: 0.01 },
          versions: [{ at, version: '8' }],
          falseAlarms: { reason: 'no proportions of counted samples; backtest them' },
        }),
        '404': noRule,
      },
    }),
  },
  '/api/rules/{rule}/backtest': {
    post: deed({
      operationId: 'backtestRule',
      tags: ['Rules'],
      summary: 'What a changed threshold would have done with the kept history of a rule',
      description:
        'For rules of the kinds threshold and degradation. Nothing is changed. `patch` is what to write into the config. Both lanes rest on the kept history, so they compare with each other and not with what was paged.',
      requestParams: { path: z.object({ rule: ruleId }) },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: backtestRequestSchema, example: { critical: 300, days: 45 } } },
      },
      responses: {
        '200': json(ruleBacktestSchema, 'The rule as it is, and as changed.', {
          ...{ at, rule: 'slow', from: at, to: at, entries: 1102, series: { looked: 1, total: 1 } },
          restsOn: 'The kept history of judgements, where what is older than two days is one value an hour.',
          asItIs: lane,
          changed: { ...lane, alerts: 1, pages: 1, pagesAWeek: 0.15 },
          patch: 'slow:\n  threshold:\n    above:\n      critical: 300\n',
        }),
        '400': refusal('The change is wrong.', 'expected critical to lie above warn, 100; received 1'),
        '404': noRule,
      },
    }),
  },
};
