import * as z from 'zod';
import { leadingSeries } from '../../../app/query/latest-judgements.ts';
import type { Judgement } from '../../../core/alerting/judgements/judgement.ts';
import type { HealthCounts } from '../../../core/selfcheck/health/by-group.ts';
import { healthStates } from '../../../core/selfcheck/health/health-state.ts';
import type { RuleHealth } from '../../../core/selfcheck/health/rule-health.ts';
import { finite } from './numbers.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { labelsSchema } from './words.ts';

export const healthStateSchema = z.enum(healthStates).meta({
  id: 'HealthState',
  description:
    'How a rule is, the worst first. `critical` and `warn`: an alert of it fires. From `error` to `starting`: it is not judged, which is not well.',
});

export const healthCountsSchema = z
  .record(healthStateSchema, z.int())
  .meta({ id: 'HealthCounts', description: 'How many rules are in each state.' });

export const countsDto = (counts: HealthCounts): z.infer<typeof healthCountsSchema> => ({ ...counts });

export const groupSchema = z
  .object({
    kind: z.enum(['model', 'source', 'alerts']).describe('`alerts`: rules on the alerts of other rules.'),
    name: z.string(),
  })
  .meta({ id: 'RuleGroup', description: 'What a rule is listed under: its model, else the source that it asks.' });

export const ruleHealthSchema = z
  .object({
    rule: z.string().describe('Id of the rule.'),
    title: z.string(),
    group: groupSchema,
    health: healthStateSchema,
    since: timeSchema.optional().meta({ description: 'Since when it is not well.' }),
    reason: z.string().optional().describe('Why it, or a part of it, is not judged.'),
    muted: z.literal(true).optional().describe('Every alert of it that fires is muted.'),
    partly: z.literal(true).optional().describe('Not all of its series are judged.'),
    alerts: z.int().describe('How many series have an alert that fires.'),
    warmUntil: timeSchema.optional().meta({ description: 'When its baseline should have enough points, if that is missing.' }),
    judgedAt: timeSchema.optional(),
    nextAt: timeSchema.optional().meta({ description: 'Its next evaluation.' }),
    value: z.number().optional().describe('The last judged value of the series by which it is shown.'),
    count: z.number().optional().describe('Samples behind the value.'),
    baseline: z.number().optional(),
    bound: z.number().optional().describe('The bound of the breached band, or of the lowest one.'),
    labels: labelsSchema.optional().describe('The series by which it is shown: one with an alert, if any.'),
    series: z.int().optional().describe('How many series it judges.'),
  })
  .meta({ id: 'RuleHealth', description: 'How a rule is, and the value by which it is shown.' });

export type RuleHealthDto = z.infer<typeof ruleHealthSchema>;

export function ruleHealthDto(health: RuleHealth, judgement: Judgement | undefined): RuleHealthDto {
  const { rule, title, group, state, since, reason, muted, partly, alerts, warmUntil, judgedAt, nextAt } = health;
  return {
    ...{ rule, title, group: { kind: group.kind, name: group.name }, health: state, since: timeIfAny(since) },
    ...{
      reason,
      muted,
      partly,
      alerts,
      warmUntil: timeIfAny(warmUntil),
      judgedAt: timeIfAny(judgedAt),
      nextAt: timeIfAny(nextAt),
    },
    ...shownBy(judgement),
  };
}

function shownBy(judgement: Judgement | undefined): Partial<RuleHealthDto> {
  const series = leadingSeries(judgement);
  if (judgement === undefined || series === undefined) return {};
  const { value, count, baseline, bound, at } = series.found ?? {};
  return {
    ...{ value: finite(value), count: finite(count), bound: finite(bound), labels: series.labels, series: judgement.series },
    baseline: baseline === undefined || baseline.kind === 'profile' ? undefined : finite(baseline.value),
    ...(at === undefined ? {} : { judgedAt: timeOf(at) }),
  };
}
