import * as z from 'zod';
import { storedBaseline } from '../../detection/stored-baseline.ts';
import { storedDrift } from '../../statistics/distributions/stored-value.ts';
import { alertSeveritySchema, categorySchema } from '../../vocabulary/schema-parts.ts';
import { ids, measured, text, texts, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import { tenants } from '../../vocabulary/tenant.ts';
import { heartbeatTroubles } from '../heartbeats/trouble.ts';
import type { Alert } from './alert.ts';
import { storedCuts } from './stored-cuts.ts';
import { storedMuteReason } from './stored-mute-reason.ts';

/** A trace in which a value was measured. */
export const storedTrace = z.object({ trace: text, value: measured, at: measured });

const provisional = z.object({
  at: whole,
  value: measured,
  count: whole.optional(),
  labelled: measured.optional(),
  estimate: z.literal(true).optional(),
  until: whole,
});

const external = z.object({
  source: text,
  title: text,
  runbook: text,
  owner: text.optional(),
  link: text.optional(),
  startsAt: whole,
  endsAt: whole,
  timeout: z.literal(true).optional(),
  judgedAt: whole.optional(),
  cuts: storedCuts.optional(),
});

export const storedAlert = storedRecord<Alert>()(
  'alert',
  1,
  z.object({
    fingerprint: ids.fingerprint,
    ruleId: ids.ruleId,
    labels: texts,
    category: categorySchema,
    groupKey: ids.groupKey,
    groupLabels: texts,
    state: z.enum(['pending', 'firing', 'recovering', 'resolved']),
    severity: alertSeveritySchema,
    since: whole,
    firedAt: whole.optional(),
    resolvedAt: whole.optional(),
    breachedAt: whole,
    belowSince: whole.optional(),
    breachedFrom: whole.optional(),
    evaluatedAt: whole,
    reason: text,
    value: measured.optional(),
    count: measured.optional(),
    traces: z.array(storedTrace).readonly().optional(),
    degradation: measured.optional(),
    drift: storedDrift.optional(),
    bound: measured.optional(),
    baseline: storedBaseline.optional(),
    pinned: z.literal(true).optional(),
    provisional: provisional.optional(),
    settled: z.object({ at: whole, outcome: z.enum(['confirmed', 'revised', 'unconfirmed']), text }).optional(),
    pointAt: whole.optional(),
    awaitsValues: z.literal(true).optional(),
    muted: storedMuteReason.optional(),
    excluded: z.array(z.object({ from: whole, to: whole })),
    joined: z
      .object({ incidentId: ids.incidentId, severity: alertSeveritySchema, state: z.enum(['firing', 'muted', 'resolved']) })
      .optional(),
    external: external.optional(),
    aboutRule: z.boolean().optional(),
    refusals: z.record(z.string(), z.object({ since: whole, series: text, reason: text })).optional(),
    cut: whole.optional(),
    watchdog: z.object({ source: text, since: whole, seenAt: whole.optional() }).optional(),
    heartbeat: z
      .object({ name: text, title: text, runbook: text, owner: text.optional(), troubles: z.array(z.enum(heartbeatTroubles)) })
      .optional(),
    registry: z.object({ name: text, runbook: text, owner: text.optional() }).optional(),
    tenant: z.enum(tenants).optional(),
    version: whole,
  }),
);
