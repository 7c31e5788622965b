import * as z from 'zod';
import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { storedTrace } from '../../alerting/alerts/stored-alert.ts';
import { storedCuts } from '../../alerting/alerts/stored-cuts.ts';
import { storedMuteReason } from '../../alerting/alerts/stored-mute-reason.ts';
import { storedBaseline } from '../../detection/stored-baseline.ts';
import { storedDrift } from '../../statistics/distributions/stored-value.ts';
import { alertSeveritySchema, categorySchema } from '../../vocabulary/schema-parts.ts';
import { ids, measured, text, texts, whole } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import { tenants } from '../../vocabulary/tenant.ts';

/** What an incident shows of one of its alerts. */
export const storedAlertSummary = z.object({
  fingerprint: ids.fingerprint,
  ruleId: ids.ruleId,
  title: text,
  labels: texts,
  category: categorySchema.optional(),
  aboutRule: z.boolean().optional(),
  tenant: z.enum(tenants).optional(),
  severity: alertSeveritySchema,
  state: z.enum(['firing', 'muted', 'resolved']),
  since: whole,
  judgedAt: whole.optional(),
  unjudged: z.object({ since: whole, reason: text }).optional(),
  reason: text,
  value: measured.optional(),
  degradation: measured.optional(),
  drift: storedDrift.optional(),
  baseline: storedBaseline.optional(),
  bound: measured.optional(),
  traces: z.array(storedTrace.extend({ link: text.optional() })).optional(),
  provisional: z.enum(['labels', 'estimate']).optional(),
  settled: text.optional(),
  owner: text.optional(),
  runbook: text,
  link: text.optional(),
  rollback: text.optional(),
  muted: storedMuteReason.optional(),
  cuts: storedCuts.optional(),
});
true satisfies Reads<typeof storedAlertSummary, AlertSummary>;
