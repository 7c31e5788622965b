import * as z from 'zod';
import type { AlertSummary } from '../../../core/alerting/alerts/alert-summary.ts';
import { muters } from '../../../core/alerting/alerts/mute-reason.ts';
import type { KeptDrift } from '../../../core/statistics/distributions/value.ts';
import { baselineDto, baselineSchema } from './baseline.ts';
import { finite } from './numbers.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { categorySchema, labelsSchema, severitySchema } from './words.ts';

const driftSchema = z
  .object({
    measure: z.string().describe('The distance measure, such as `psi` or `kolmogorov-smirnov`.'),
    value: z.number().describe('The distance in `effectUnits`; 0 without drift.'),
    effectUnits: z.string(),
    pValue: z.number().optional().describe('The p-value, adjusted for `tested`.'),
    tested: z.int().describe('How many features were compared together.'),
    binning: z.string().describe('How the values were binned.'),
    zero: z.string().describe('How empty bins were handled.'),
    logBase: z.enum(['e', '2']).optional().describe('Base of the logarithm, if the measure uses one.'),
    baselineCount: z.number().describe('Number of baseline values.'),
    currentCount: z.number().describe('Number of current values.'),
  })
  .meta({ id: 'Drift', description: "How far a feature's values are from its baseline." });

const cutSchema = z
  .union([
    z.object({
      of: z.enum(['label value', 'label name', 'annotation', 'link']),
      name: z.string(),
      chars: z.int().describe('Characters sent.'),
      kept: z.int().describe('Characters kept; 0 if it is left out.'),
    }),
    z.object({
      of: z.enum(['labels', 'others']).describe('`labels`: whole labels are left out; `others`: more cuts than are listed.'),
      count: z.int(),
    }),
  ])
  .meta({ id: 'PostedCut' });

export const alertSchema = z
  .object({
    fingerprint: z.string().describe('Id of the alert: one rule on one series.'),
    rule: z.string().describe('Id of the rule.'),
    title: z.string(),
    labels: labelsSchema,
    category: categorySchema.optional(),
    aboutRule: z.boolean().optional().describe('true: the alert is about the rule itself, not about what it watches.'),
    severity: severitySchema,
    state: z.enum(['firing', 'muted', 'resolved']),
    since: timeSchema,
    judgedAt: timeSchema.optional().meta({
      description: 'When `reason` and the numbers were judged; for an alert of another system, when it was posted last.',
    }),
    unjudged: z
      .object({ since: timeSchema, reason: z.string() })
      .optional()
      .describe('It could not be judged since then, and why. The numbers are those of `judgedAt`.'),
    reason: z.string().describe('The finding, in words.'),
    value: z.number().optional().describe('The last judged value.'),
    degradation: z.number().optional().describe('Relative degradation from the baseline; 0.1 is 10 %.'),
    drift: driftSchema.optional(),
    baseline: baselineSchema.optional(),
    bound: z.number().optional().describe('The bound that was crossed.'),
    traces: z
      .array(
        z.object({
          trace: z.string().describe('The id of the trace: 32 hexadecimal digits.'),
          value: z.number(),
          at: timeSchema,
          link: z.string().optional().describe('Where to look at it, if `settings.traceUrl` says so.'),
        }),
      )
      .optional()
      .describe('Traces in which some of the last breaching value was measured, the worst first.'),
    provisional: z
      .enum(['labels', 'estimate'])
      .optional()
      .describe('`labels`: judged again when missing labels arrive; `estimate`: from scores, not from labels.'),
    settled: z.string().optional().describe('What late labels said about it.'),
    owner: z.string().optional(),
    runbook: z.string().describe('Name or URL of the runbook; empty if there is none.'),
    link: z.string().optional().describe('A link to the alert in the system that judges it.'),
    rollback: z.string().optional().describe('The rollback that may fix it.'),
    muted: z
      .object({ by: z.enum(muters), text: z.string() })
      .optional()
      .describe('Why it pages nobody: what mutes it, and the reason in words.'),
    cuts: z.array(cutSchema).optional().describe('What of an alert that another system posts is kept shorter than it was sent.'),
  })
  .meta({ id: 'Alert', description: 'One alert of an incident.' });

export type AlertDto = z.infer<typeof alertSchema>;

/** Copies each field by name, so that other stored fields stay internal. */
export function alertDto(alert: AlertSummary): AlertDto {
  const { fingerprint, ruleId, title, labels, category, aboutRule, severity, state, since, reason, value } = alert;
  const { judgedAt, unjudged, degradation, drift, baseline, bound, provisional, settled, owner, runbook } = alert;
  const { link, rollback, muted, cuts, traces } = alert;
  return {
    ...{ fingerprint, rule: ruleId, title, labels, category, aboutRule, severity, state, since: timeOf(since) },
    judgedAt: timeIfAny(judgedAt),
    unjudged: unjudged === undefined ? undefined : { since: timeOf(unjudged.since), reason: unjudged.reason },
    reason,
    ...{ value: finite(value), degradation: finite(degradation) },
    drift: drift === undefined ? undefined : driftDto(drift),
    baseline: baseline === undefined ? undefined : baselineDto(baseline),
    traces: traces?.map(({ trace, value: measured, at, link: to }) => ({ trace, value: measured, at: timeOf(at), link: to })),
    ...{ bound: finite(bound), provisional, settled, owner, runbook, link, rollback, muted, cuts },
  };
}

function driftDto(drift: KeptDrift): AlertDto['drift'] {
  const { measure, value, effectUnits, pValue, tested, binning, zero, logBase, baselineCount, currentCount } = drift;
  return { measure, value, effectUnits, pValue, tested, binning, zero, logBase, baselineCount, currentCount };
}
