import * as z from 'zod';
import type { RuleDetail } from '../../../app/query/rule-detail.ts';
import type { SeriesJudgement } from '../../../core/alerting/judgements/judgement.ts';
import type { WrittenEntry } from '../../../core/config/document.ts';
import { bandsOf } from '../../../core/detection/kinds/threshold/recovery.ts';
import { type IntervalOf, intervalOf } from '../../../core/detection/points/interval.ts';
import { isAsking } from '../../../core/detection/rules/rule-schema.ts';
import { verdictStatuses } from '../../../core/detection/verdict.ts';
import { isRejudged } from '../../../core/dry-run/kept-history/changed-rule.ts';
import { finite } from './numbers.ts';
import { routeMatchDto, routeMatchSchema } from './route.ts';
import { ruleHealthDto, ruleHealthSchema } from './rule-health.ts';
import { scheduleZoneSchema } from './schedule-zone.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { answeredAt, categorySchema, labelsSchema, severitySchema } from './words.ts';

const status = z.enum(verdictStatuses);

const seriesSchema = z
  .object({
    fingerprint: z.string(),
    labels: labelsSchema,
    status,
    reason: z.string().describe('What was found, in words.'),
    judgedAt: timeSchema.optional(),
    pointAt: timeSchema.optional().meta({ description: 'The end of the point that was judged.' }),
    value: z.number().optional(),
    count: z.number().optional(),
    interval: z.object({ low: z.number(), high: z.number(), confidence: z.number() }).optional(),
    baseline: z.number().optional(),
    bound: z.number().optional(),
    degradation: z.number().optional().describe('Relative degradation from the baseline; 0.1 is 10 %.'),
    breaching: z.int().optional().describe('Points past a bound, of those that were looked at.'),
    looked: z.int().optional(),
    provisional: z.enum(['labels', 'estimate']).optional(),
    unjudgedSince: timeSchema.optional().meta({ description: 'It could not be judged since then; the numbers are older.' }),
  })
  .meta({ id: 'RuleSeries', description: 'What was found last of one series of a rule.' });

export const ruleDetailSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    rule: ruleHealthSchema,
    kind: z.string().describe('Its kind, such as `threshold`.'),
    category: categorySchema,
    owner: z.string().optional(),
    runbook: z.string(),
    rollback: z.string().optional(),
    source: z.string().optional().describe('The source that it asks; absent for a rule on alerts.'),
    metric: z.string().optional(),
    overMs: z.int().optional().describe('The time that one point sums up.'),
    stepMs: z.int().describe('Distance between two judged points.'),
    everyMs: z.int().describe('How often it is evaluated.'),
    for: z.object({ m: z.int(), n: z.int() }).describe('M of the last N points must breach.'),
    keepFiringMs: z.int(),
    minCount: z.int().describe('Below this many samples a point is never a breach.'),
    confidence: z.number().optional().describe('From 0 to 1.'),
    bands: z.array(
      z.object({
        severity: severitySchema,
        begins: z.string().describe('Where the band begins, in words: `below 0.9`.'),
        ends: z.string().describe('Where an alert leaves it.'),
        note: z.string().optional(),
      }),
    ),
    tries: z
      .object({ unit: z.enum(['value', 'share']), warn: z.number().optional(), critical: z.number().optional() })
      .optional()
      .describe('What a backtest on its history may change: values of the metric, or shares of the baseline.'),
    definition: z
      .object({ file: z.string(), line: z.int(), yaml: z.string() })
      .optional()
      .describe('As it is written in the config; absent where its files are not known, as on AWS.'),
    series: z.object({ total: z.int(), shown: z.array(seriesSchema) }).describe('Those with an alert first, at most 50.'),
    fault: z.string().optional().describe('Why not everything was judged.'),
    routes: routeMatchSchema.shape.routes.describe('Who would be paged if it fired now, for each severity.'),
    schedule: scheduleZoneSchema.optional().describe('That its policy pages.'),
    incidents: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          severity: severitySchema,
          status: z.enum(['waiting', 'triggered', 'acknowledged', 'resolved']),
          since: timeSchema,
          resolvedAt: timeSchema.optional(),
        }),
      )
      .describe('The latest that it was in.'),
    month: z.object({
      incidents: z.int().describe('How many incidents it was in during the last 30 days.'),
      openShare: z.number().describe('Share of that time, 0 to 1, in which one of them was open.'),
    }),
    versions: z
      .array(z.object({ at: timeSchema, version: z.string() }))
      .describe('Versions of its model that began to serve in the last 45 days.'),
    falseAlarms: z
      .object({ budget: z.number().optional(), expected: z.number().optional(), reason: z.string().optional() })
      .optional()
      .describe('False alarms in 30 days: those that it may raise, and those to expect; `reason` where nobody can tell.'),
  })
  .meta({ id: 'RuleDetail', description: 'What is known of one rule.' });

export type RuleDetailDto = z.infer<typeof ruleDetailSchema>;

export function ruleDetailDto(detail: RuleDetail, definition: WrittenEntry | undefined, at: number): RuleDetailDto {
  const { rule, health, judgement, metric, bands, routes, incidents, month, versions, falseAlarms } = detail;
  const { kind, category, owner, runbook, rollback, step, every = step, samples, keepFiring } = rule;
  const asked = isAsking(rule)
    ? { source: rule.source, overMs: (rule.query.predictions ?? rule.query.samples ?? rule.query.otlp)?.over }
    : {};
  return {
    ...{ at: timeOf(at), rule: ruleHealthDto(health, judgement), kind, category, owner, runbook, rollback, ...asked, metric },
    ...{ stepMs: step, everyMs: every, for: rule.for, keepFiringMs: keepFiring },
    ...{ minCount: samples.minCount, confidence: samples.confidence },
    bands: bands.map(({ severity, begins, ends, note }) => ({ severity, begins, ends, note })),
    tries: triesOf(rule),
    definition: definition === undefined ? undefined : { file: definition.file, line: definition.line, yaml: definition.yaml },
    series: { total: judgement?.series ?? 0, shown: (judgement?.shown ?? []).map((one) => seriesDto(one, intervalOf(rule))) },
    fault: judgement?.fault,
    routes: routeMatchDto(routes, at),
    schedule: detail.schedule,
    incidents: incidents.map(({ id, title, worst, status: state, since, resolvedAt }) => ({
      ...{ id, title, severity: worst, status: state, since: timeOf(since), resolvedAt: timeIfAny(resolvedAt) },
    })),
    month,
    versions: versions.map(({ at: since, version }) => ({ at: timeOf(since), version })),
    falseAlarms,
  };
}

function triesOf(rule: RuleDetail['rule']): RuleDetailDto['tries'] {
  if (!isRejudged(rule)) return undefined;
  const { warn, critical } = rule.kind === 'threshold' ? bandsOf(rule.threshold) : rule.degradation;
  return { unit: rule.kind === 'threshold' ? 'value' : 'share', warn, critical };
}

function seriesDto({ fingerprint, labels, status: now, found, unjudged }: SeriesJudgement, interval: IntervalOf | undefined) {
  const { baseline } = found ?? {};
  return {
    ...{ fingerprint, labels, status: now, reason: unjudged?.reason ?? found?.reason ?? '' },
    ...{
      judgedAt: timeIfAny(found?.at),
      pointAt: timeIfAny(found?.pointAt),
      value: finite(found?.value),
      count: finite(found?.count),
    },
    interval: interval?.(finite(found?.value), finite(found?.count)),
    baseline: baseline === undefined || baseline.kind === 'profile' ? undefined : finite(baseline.value),
    ...{ bound: finite(found?.bound), degradation: finite(found?.degradation) },
    ...{ breaching: found?.breaching, looked: found?.looked, provisional: found?.provisional },
    unjudgedSince: timeIfAny(unjudged?.since),
  };
}
