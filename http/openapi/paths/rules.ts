import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { auditLogSchema } from '../../api/dto/audit-entry.ts';
import { digestSchema } from '../../api/dto/digest.ts';
import { evidenceSchema } from '../../api/dto/evidence.ts';
import { historySchema } from '../../api/dto/history.ts';
import { insufficientEvidenceSchema } from '../../api/dto/insufficient-evidence.ts';
import { judgementSchema, rulesSchema, whySchema } from '../../api/dto/rule.ts';
import { timeSchema } from '../../api/dto/time.ts';
import { mostHistoryEntries } from '../../api/history.ts';
import { rulePages } from '../../api/rules.ts';
import { json, refusal, retryAfter } from '../answers.ts';
import { at, exampleAlert } from '../examples.ts';
import { cursor, ruleId } from '../parameters.ts';
import { look } from '../people.ts';

/** What is known about rules, and what was done that belongs to no incident. */
export const rulePaths: ZodOpenApiPathsObject = {
  '/api/rules': {
    get: look({
      operationId: 'listRules',
      tags: ['Rules'],
      summary: 'Whether each rule is judged, and if not, why',
      description: 'A rule that is not judged is not to be taken for well.',
      requestParams: {
        query: z.object({ limit: z.int().min(1).max(rulePages.most).default(rulePages.usual), cursor }),
      },
      responses: {
        '200': json(rulesSchema, 'In the order of the config.', {
          at,
          rules: [
            { rule: 'slow', state: 'judged', judgedAt: at, nextAt: at },
            {
              rule: 'churn-accuracy',
              state: 'not judged',
              trouble: { kind: 'no data yet', text: 'source churn has never had data for it', since: at },
              judgedAt: at,
              nextAt: at,
            },
          ],
        }),
        '400': refusal('The query is wrong.', 'expected limit 1 to 1000; received "0"'),
      },
    }),
  },
  '/api/rules/{rule}/why': {
    get: look({
      operationId: 'whyNoPage',
      tags: ['Rules'],
      summary: 'Why a rule pages nobody, or whom it paged',
      description: 'The way from the rule to a page, step by step. `answer` is the first step that stops it.',
      requestParams: { path: z.object({ rule: ruleId }) },
      responses: {
        '200': json(whySchema, 'What is known.', {
          at,
          rule: 'slow',
          answer: 'all is well: 1 ok at 2026-01-05 09:01 UTC; next at 2026-01-05 09:02 UTC',
          stoppedAt: 'judged',
          steps: [
            { step: 'rule', outcome: 'passed', text: 'slow is a rule of kind threshold, on the source pushed', details: [] },
            {
              step: 'judged',
              outcome: 'stopped',
              text: 'all is well: 1 ok at 2026-01-05 09:01 UTC; next at 2026-01-05 09:02 UTC',
              details: [],
            },
          ],
        }),
        '404': refusal(
          'There is no such rule.',
          'there is no rule "slwo", and no alert of another system has that name; did you mean slow?',
        ),
      },
    }),
  },
  '/api/rules/{rule}/verdict': {
    get: look({
      operationId: 'judgeRule',
      tags: ['Rules'],
      summary: 'Judge a rule now, and change nothing',
      description:
        'Asks the source of the rule. No alert, incident or page comes of it. On AWS another function judges, with limits: a rule at most every 15 seconds, and five rules in that time.',
      requestParams: { path: z.object({ rule: ruleId }) },
      responses: {
        '200': json(judgementSchema, 'What it finds.', {
          at,
          rule: 'slow',
          totalSeries: 1,
          verdicts: { ok: 1, warn: 0, critical: 0, 'insufficient evidence': 0, 'no data': 0, error: 0 },
          series: [
            {
              fingerprint: 'ec39b1c8d1b0e773',
              labels: { model: 'churn' },
              status: 'ok',
              found: { at, status: 'ok', reason: 'latency 10, within its bounds', value: 10, pointAt: at },
            },
          ],
        }),
        '404': refusal('There is no such rule.', 'there is no rule "slwo"; did you mean slow?'),
        '429': refusal(
          'On AWS: the rule, or too many rules, were judged on demand a moment ago.',
          'the rule slow was judged on demand a moment ago; try again in 9 s',
          retryAfter,
        ),
        '504': refusal(
          'On AWS: the verdict did not come in time.',
          'judging slow takes longer than 10 s; its source may be slow, and the next evaluation judges it anyway',
        ),
      },
    }),
  },
  '/api/digest': {
    get: look({
      operationId: 'showDigest',
      tags: ['Incidents'],
      summary: 'What happened since a while ago',
      description:
        'Incidents by rule, alerts of severity info, pages and broken nights per person, and what is muted, silenced or not judged now.',
      requestParams: {
        query: z.object({
          since: z.string().optional().describe('How far back: a duration of up to `31d`; default `7d`.'),
          timezone: z.string().optional().describe('Where it is night from 22:00 to 7:00; default UTC.'),
        }),
      },
      responses: {
        '200': json(digestSchema, 'The digest.', {
          ...{ at, from: at, to: at },
          lines: ['From 2026-01-05 09:00 UTC to 2026-01-12 09:00 UTC', 'Incidents: 1 began:', '  critical slow: 1'],
          unread: 0,
          incidents: { began: 1, open: 0, byRule: [{ rule: 'slow', severity: 'critical', count: 1 }] },
          info: [{ rule: 'prometheus/Deployed', count: 3 }],
          people: [{ person: 'responder/ana', pages: 2, critical: 2, nights: 1 }],
          policies: [{ policy: 'duty', pages: 1, pagesAWeek: 5 }],
          ...{ muted: [], silences: [], notJudged: [] },
        }),
        '400': refusal(
          'A duration or time zone that cannot be read.',
          'expected since as a duration of up to 31d, such as 7d; received "soon"',
        ),
      },
    }),
  },
  '/api/rules/{rule}/history': {
    get: look({
      operationId: 'showHistory',
      tags: ['Rules'],
      summary: 'What was found of a series of a rule over time',
      description:
        'For charts. A series that is well has an entry now and then (`settings.history`), one that is not each point in its first hour. After two days one entry an hour is left. Of more entries than `limit` neighbours are put together, with their lowest and highest value.',
      requestParams: {
        path: z.object({ rule: ruleId }),
        query: z.object({
          series: z
            .string()
            .optional()
            .meta({ description: 'Fingerprint of a series; absent: the first of `series`, so one with an alert.' }),
          from: timeSchema.optional().meta({ description: 'Absent: a day before `to`.' }),
          to: timeSchema.optional().meta({ description: 'Absent: now.' }),
          limit: z.int().min(2).max(mostHistoryEntries).default(300),
        }),
      },
      responses: {
        '200': json(historySchema, 'Its entries, oldest first.', {
          at,
          rule: 'slow',
          from: at,
          to: at,
          series: [{ fingerprint: 'ec39b1c8d1b0e773', labels: { model: 'churn' }, status: 'ok' }],
          of: 'ec39b1c8d1b0e773',
          entries: [{ at, judgedAt: at, status: 'ok', reason: 'latency 10, within its bounds', value: 10, critical: 100 }],
        }),
        '400': refusal(
          'The query is wrong.',
          'expected times such as 2026-01-05T09:00:00Z, from before to; received from "yesterday" and to none',
        ),
        '404': refusal('There is no such rule or series.', 'there is no rule "slwo" in the config; did you mean slow?'),
      },
    }),
  },
  '/api/evidence': {
    get: look({
      operationId: 'showEvidence',
      tags: ['Rules'],
      summary: 'How much is behind the points of each rule, and what is normal',
      description: '`tocsin check --url` counts by it how many false alarms to expect.',
      responses: {
        '200': json(evidenceSchema, 'Of rules whose source the store holds.', {
          at,
          rules: {
            'churn-accuracy': {
              totalSeries: 1,
              series: [{ samplesPerPoint: 400, value: 0.83, baseline: exampleAlert.baseline }],
            },
          },
        }),
      },
    }),
  },
  '/api/insufficient-evidence': {
    get: look({
      operationId: 'listInsufficientEvidence',
      tags: ['Rules'],
      summary: 'Rules that could not be judged for want of evidence',
      description: 'They are not to be taken for well.',
      responses: {
        '200': json(insufficientEvidenceSchema, 'Those of the latest evaluations.', {
          at,
          rules: [
            {
              rule: 'churn-accuracy',
              affectedSeries: 1,
              totalSeries: 1,
              reason: 'too few samples: accuracy 0.71 rests on 12 of at least 100 (minCount)',
              since: at,
            },
          ],
        }),
      },
    }),
  },
  '/api/audit-log': {
    get: look({
      operationId: 'showAuditLog',
      tags: ['Audit log'],
      summary: 'Who did what that belongs to no incident',
      description:
        'Silences, overrides, promotions, trainings, changes of the config, records that come back from quarantine, and what a person was refused: the newest entries, oldest first. Entries are kept for 400 days. With a filter a request looks through 10,000 entries; `older` goes on from there, so an answer may have few entries and still have older ones. Actions on an incident are on its timeline.',
      requestParams: {
        query: z.object({
          limit: z.int().min(1).max(10_000).default(1000),
          before: z
            .string()
            .regex(/^\d{1,16}-[0-9A-Za-z]{1,64}$/)
            .optional()
            .meta({ description: '`older` of an earlier answer: entries before that one.' }),
          kind: z
            .string()
            .optional()
            .meta({ description: 'Kinds of entry, separated by commas.', examples: ['silenced,override'] }),
          actor: z.string().max(200).optional().meta({ description: "Part of the actor's name." }),
          text: z
            .string()
            .max(200)
            .optional()
            .meta({ description: 'Part of the text or of a detail, such as the id of a silence.' }),
          from: z.string().optional().meta({ description: 'Entries from this time on.' }),
          to: z.string().optional().meta({ description: 'Entries before this time.' }),
        }),
      },
      responses: {
        '200': json(auditLogSchema, 'The entries.', {
          at,
          entries: [
            {
              id: '9c1f0d2b7a3e4c55',
              at,
              kind: 'silenced',
              text: 'no pages for model=churn until 2026-01-05 11:05 UTC: deploying',
              actor: 'cli:ana',
              data: { silence: 'sil-3b1f0c9d2e' },
            },
          ],
        }),
        '400': refusal('The query is wrong.', 'expected limit 1 to 10000; received "x"'),
      },
    }),
  },
};
