import * as z from 'zod';
import type { AlertSummary } from '../../../core/alerting/alerts/alert-summary.ts';
import { muters } from '../../../core/alerting/alerts/mute-reason.ts';
import type { KeptDrift } from '../../../core/statistics/distributions/value.ts';
import { baselineDto, baselineSchema } from './baseline.ts';
import { timeOf, timeSchema } from './time.ts';
import { categorySchema, labelsSchema, severitySchema } from './words.ts';

const driftSchema = z
  .object({
    measure: z.string().describe('How the distance is measured, such as `psi` or `kolmogorov-smirnov`.'),
    value: z.number().describe('The distance, 0 without drift, in `effectUnits`.'),
    effectUnits: z.string(),
    pValue: z.number().optional().describe('The chance of such a value without drift, adjusted for `tested`.'),
    tested: z.int().describe('How many features were compared side by side.'),
    binning: z.string().describe('How the values were put into bins.'),
    zero: z.string().describe('What was done about empty bins.'),
    logBase: z.enum(['e', '2']).optional().describe('Base of the logarithm, where the measure takes one.'),
    baselineCount: z.number().describe('Values of the baseline.'),
    currentCount: z.number().describe('Values of the judged time.'),
  })
  .meta({ id: 'Drift', description: 'How far the values of a feature lie from its baseline.' });

export const alertSchema = z
  .object({
    fingerprint: z.string().describe('Id of the alert: one rule on one series.'),
    rule: z.string().describe('Id of the rule.'),
    title: z.string(),
    labels: labelsSchema,
    category: categorySchema.optional(),
    aboutRule: z.boolean().optional().describe('true: the rule itself is in trouble; nothing of the series was found.'),
    severity: severitySchema,
    state: z.enum(['firing', 'muted', 'resolved']),
    since: timeSchema,
    reason: z.string().describe('What was found, in words.'),
    value: z.number().optional().describe('The value that was judged last.'),
    degradation: z.number().optional().describe('By which share it is worse than its baseline; 0.1 is 10 %.'),
    drift: driftSchema.optional(),
    baseline: baselineSchema.optional(),
    bound: z.number().optional().describe('The bound that the value broke.'),
    provisional: z
      .enum(['labels', 'estimate'])
      .optional()
      .describe('`labels`: judged again when missing labels have come; `estimate`: from scores, not from labels.'),
    settled: z.string().optional().describe('What labels that came later said of it.'),
    owner: z.string().optional(),
    runbook: z.string().describe('Name or address of the runbook; empty when there is none.'),
    link: z.string().optional().describe('Where the alert can be looked at in the system that judged it.'),
    rollback: z.string().optional().describe('Name of the rollback that may end it.'),
    muted: z
      .object({ by: z.enum(muters), text: z.string() })
      .optional()
      .describe('Why nobody is paged about it: what withholds its pages, and the reason in words.'),
  })
  .meta({ id: 'Alert', description: 'One alert of an incident.' });

export type AlertDto = z.infer<typeof alertSchema>;

/** Copies each field by name, so that other stored fields stay internal. */
export function alertDto(alert: AlertSummary): AlertDto {
  const { fingerprint, ruleId, title, labels, category, aboutRule, severity, state, since, reason, value } = alert;
  const { degradation, drift, baseline, bound, provisional, settled, owner, runbook, link, rollback, muted } = alert;
  return {
    ...{ fingerprint, rule: ruleId, title, labels, category, aboutRule, severity, state, since: timeOf(since), reason },
    ...{ value: finite(value), degradation: finite(degradation) },
    drift: drift === undefined ? undefined : driftDto(drift),
    baseline: baseline === undefined ? undefined : baselineDto(baseline),
    ...{ bound: finite(bound), provisional, settled, owner, runbook, link, rollback, muted },
  };
}

/** JSON has no infinity: relative to a baseline of 0 there is no degradation. */
const finite = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined);

function driftDto(drift: KeptDrift): AlertDto['drift'] {
  const { measure, value, effectUnits, pValue, tested, binning, zero, logBase, baselineCount, currentCount } = drift;
  return { measure, value, effectUnits, pValue, tested, binning, zero, logBase, baselineCount, currentCount };
}
