import * as z from 'zod';
import { changeKinds } from '../../telemetry/changes/change.ts';
import { alertSeveritySchema, categorySchema, severitySchema } from '../../vocabulary/schema-parts.ts';
import { ids, text, texts, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import { tenants } from '../../vocabulary/tenant.ts';
import { storedContact } from '../contacts/stored-contact.ts';
import { storedTarget } from '../escalation/page-target.ts';
import { stateChangeKinds } from '../flapping/state-change.ts';
import { renamedRef, storedMessage } from '../paging/stored-message.ts';
import type { Incident } from './incident.ts';
import { storedAlertSummary } from './stored-alert-summary.ts';

const target = z.object({ responder: text.optional(), schedule: text.optional(), channel: text.optional() });

const policy = z.object({
  name: text,
  tiers: z.array(z.object({ targets: z.array(target), ackWithin: whole })),
  repeat: whole,
  fallback: target.optional(),
  ackTimeout: whole,
  ackTarget: whole.optional(),
  resolveTarget: whole.optional(),
  route: z.array(text).optional(),
  tell: z.array(target).optional(),
});

const routedTo = z.object({ path: z.array(text), policy: text.optional(), tell: z.array(target) });

const rollback = z.object({
  name: text,
  deployment: text,
  state: z.enum(['inspecting', 'offered', 'refused', 'running', 'confirming', 'verifying', 'succeeded', 'failed']),
  requestId: text,
  from: text.optional(),
  to: text.optional(),
  fingerprint: ids.fingerprint,
  reason: text,
  at: whole,
  awaitsUpstream: z.boolean().optional(),
  watchMs: whole.optional(),
  unproven: text.optional(),
  untold: text.optional(),
});

const escalation = z.object({
  tier: whole,
  repeats: whole,
  fallback: z.boolean(),
  step: whole,
  targets: z.array(storedTarget),
  dead: z.array(storedTarget),
  failed: z.array(z.object({ target: storedTarget, contact: storedContact })),
  slow: z.array(text),
  fruitless: whole,
  heldWhileMuted: z.boolean(),
});

const deadlines = z.object({
  groupWait: whole.optional(),
  acknowledge: whole.optional(),
  ackTimeout: whole.optional(),
  resolve: whole.optional(),
  verify: whole.optional(),
  reconsider: whole.optional(),
  recheck: whole.optional(),
  joined: whole.optional(),
  restart: whole.optional(),
  steady: whole.optional(),
});

const change = z.object({ at: whole, kind: z.enum(stateChangeKinds), fingerprint: ids.fingerprint, severity: severitySchema });
const flapping = z.object({ since: whole, changedAt: whole, text, severity: severitySchema, quiet: whole });

export const storedIncident = storedRecord<Incident>()(
  'incident',
  6,
  z.object({
    id: ids.incidentId,
    tenant: z.enum(tenants).optional(),
    groupKey: ids.groupKey,
    groupLabels: texts,
    title: text,
    titledBy: ids.fingerprint.optional(),
    status: z.enum(['waiting', 'triggered', 'acknowledged', 'resolved']),
    severity: alertSeveritySchema,
    worst: alertSeveritySchema,
    category: categorySchema,
    openedAt: whole,
    since: whole,
    acknowledgedAt: whole.optional(),
    acknowledgedBy: text.optional(),
    acknowledgedSeverity: alertSeveritySchema.optional(),
    resolvedAt: whole.optional(),
    resolvedBy: text.optional(),
    resolveReason: text.optional(),
    resolvedWhileFiring: z.literal(true).optional(),
    reopened: whole,
    reopenedAt: whole.optional(),
    counts: z.object({ critical: whole, warn: whole, info: whole, muted: whole, resolved: whole }),
    alerts: z.array(storedAlertSummary),
    whatChanged: z.array(z.object({ id: ids.changeId, at: whole, kind: z.enum(changeKinds), text })).optional(),
    causes: z
      .array(z.object({ fingerprint: ids.fingerprint, title: text, where: text.optional(), reasons: z.array(text) }))
      .optional(),
    related: z.array(z.object({ id: ids.incidentId, title: text, why: text, at: whole })).optional(),
    policies: z.record(z.string(), policy),
    routing: z.object({ warn: routedTo, critical: routedTo }).optional(),
    policyKey: text,
    escalation,
    joinedPagedAt: whole,
    joinedUnpaged: whole,
    repaged: z.object({ at: whole, policies: z.array(text) }).optional(),
    paged: z.boolean(),
    pagedCritical: z.boolean().optional(),
    pagedContacts: z.array(z.object({ target: storedTarget, contact: storedContact, updated: z.boolean() })),
    messages: z.array(storedMessage),
    rollback: rollback.optional(),
    told: z.record(z.string(), severitySchema).optional(),
    changes: z.array(change).optional(),
    flapping: flapping.optional(),
    deadlines,
    nextStepAt: whole.optional(),
    generation: whole,
    version: whole,
  }),
  {
    // Up to version 3 there was no severity `info`, and up to 4 no flapping.
    3: (value) => ({ ...value, counts: { info: 0, ...('counts' in value ? (value.counts as object) : {}) } }),
    4: (value) => value,
    // Up to version 5 only Slack had messages to update.
    5: (value) => ({
      ...value,
      messages: ('messages' in value && Array.isArray(value.messages) ? value.messages : []).map(renamedRef),
    }),
  },
);
