import * as z from 'zod';
import { targetText } from '../../../core/response/escalation/page-target.ts';
import type { Incident, PolicySnapshot, RollbackStep } from '../../../core/response/incidents/incident.ts';
import { alertDto, alertSchema } from './alert.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';
import { actorNameSchema, categorySchema, labelsSchema, severitySchema } from './words.ts';

const causeSchema = z
  .object({
    fingerprint: z.string().describe('The alert.'),
    title: z.string(),
    where: z.string().optional().describe('The dependency the alert is about.'),
    reasons: z.array(z.string()).describe('The evidence for it.'),
  })
  .meta({ id: 'Cause' });

const relatedSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    why: z.string(),
    at: timeSchema.meta({ description: 'When the relation was found.' }),
  })
  .meta({ id: 'RelatedIncident', description: 'A related incident.' });

const rollbackSchema = z
  .object({
    name: z.string().describe('The rollback in the config.'),
    deployment: z.string(),
    state: z.enum(['inspecting', 'offered', 'refused', 'running', 'confirming', 'verifying', 'succeeded', 'failed']),
    from: z.string().optional().describe('The version it leaves.'),
    to: z.string().optional().describe('The version it returns to.'),
    reason: z.string(),
    at: timeSchema.meta({ description: 'When it entered this state.' }),
  })
  .meta({ id: 'Rollback' });

export const flappingSchema = z
  .object({
    since: timeSchema,
    changedAt: timeSchema.meta({ description: 'When an alert last fired, ended or changed its severity.' }),
    text: z.string().describe('What its alerts did, such as `fired 4 times in 36m`.'),
    endsAt: timeSchema.optional().meta({ description: 'When it ends, if nothing changes before.' }),
  })
  .meta({ id: 'Flapping', description: 'Its alerts come and go: it stays open, and what comes back pages nobody.' });

const escalationSchema = z
  .object({
    policy: z.string().optional().describe('The escalation policy; absent before it is chosen.'),
    tier: z.int().describe('The tier paged last, from 1; 0 before the first page.'),
    tiers: z.int().describe('Number of tiers in the policy.'),
    targets: z.array(z.string()).describe('Targets of the last step, such as `responder/ana` or `channel/ml`.'),
    acknowledgeWithinMs: z.int().optional().describe('Response-time target of the policy, from the opening.'),
    resolveWithinMs: z.int().optional().describe('Response-time target of the policy, from the opening.'),
  })
  .meta({ id: 'Escalation' });

export const incidentSchema = z
  .object({
    id: z.string(),
    synthetic: z.literal(true).optional().describe('A test of Tocsin itself; listed only on request.'),
    title: z.string(),
    status: z.enum(['waiting', 'triggered', 'acknowledged', 'resolved']),
    severity: severitySchema,
    worst: severitySchema.meta({ description: 'The highest severity it ever had.' }),
    category: categorySchema,
    groupLabels: labelsSchema.meta({ description: 'Labels that its alerts share.' }),
    openedAt: timeSchema,
    since: timeSchema.meta({ description: 'Start of the earliest breach.' }),
    acknowledgedAt: timeSchema.optional(),
    acknowledgedBy: actorNameSchema.optional(),
    resolvedAt: timeSchema.optional(),
    resolvedBy: actorNameSchema.optional(),
    resolveReason: z.string().optional(),
    resolvedWhileFiring: z.literal(true).optional().describe('Somebody resolved it while alerts fired, and one still does.'),
    reopened: z.int().describe('How often it was reopened.'),
    reopenedAt: timeSchema.optional(),
    counts: z
      .object({ critical: z.int(), warn: z.int(), info: z.int(), muted: z.int(), resolved: z.int() })
      .describe('All its alerts, including those not shown.'),
    alerts: z.array(alertSchema).describe('Worst first; a large incident shows only some.'),
    causes: z.array(causeSchema).describe('Possible causes, likeliest first.'),
    related: z.array(relatedSchema),
    flapping: flappingSchema.optional(),
    escalation: escalationSchema,
    rollback: rollbackSchema.optional(),
    nextStepAt: timeSchema.optional().meta({ description: 'When the next automatic step happens.' }),
  })
  .meta({ id: 'Incident', description: 'Related alerts that people respond to together.' });

export type IncidentDto = z.infer<typeof incidentSchema>;

/** The incident without contacts and storage details: a webhook's URL often is a secret. */
export function incidentDto(incident: Incident): IncidentDto {
  const { id, tenant, title, status, severity, worst, category, groupLabels, openedAt, since, counts, rollback } = incident;
  const { acknowledgedAt, acknowledgedBy, resolvedAt, resolvedBy, resolveReason, resolvedWhileFiring } = incident;
  const { reopened, reopenedAt, causes = [], related = [], nextStepAt } = incident;
  const { critical, warn, info, muted, resolved } = counts;
  return {
    id,
    synthetic: tenant === 'synthetic' ? true : undefined,
    ...{ title, status, severity, worst, category, groupLabels, openedAt: timeOf(openedAt), since: timeOf(since) },
    ...{ acknowledgedAt: timeIfAny(acknowledgedAt), acknowledgedBy },
    ...{ resolvedAt: timeIfAny(resolvedAt), resolvedBy, resolveReason, resolvedWhileFiring },
    ...{ reopened, reopenedAt: timeIfAny(reopenedAt) },
    counts: { critical, warn, info, muted, resolved },
    alerts: incident.alerts.map(alertDto),
    causes: causes.map(({ fingerprint, title, where, reasons }) => ({ fingerprint, title, where, reasons })),
    related: related.map(({ id, title, why, at }) => ({ id, title, why, at: timeOf(at) })),
    flapping: flappingDto(incident),
    escalation: escalationDto(incident, incident.policies[incident.policyKey]),
    rollback: rollback === undefined ? undefined : rollbackDto(rollback),
    nextStepAt: timeIfAny(nextStepAt),
  };
}

function escalationDto(
  { escalation: { tier, targets: paged } }: Incident,
  policy: PolicySnapshot | undefined,
): IncidentDto['escalation'] {
  const targets = paged.map(targetText);
  if (policy === undefined) return { tier, tiers: 0, targets };
  const { name, tiers, ackTarget, resolveTarget } = policy;
  const promises = { acknowledgeWithinMs: ackTarget, resolveWithinMs: resolveTarget };
  return { policy: name, tier, tiers: tiers.length, targets, ...promises };
}

export const flappingDto = ({ flapping, deadlines }: Incident): IncidentDto['flapping'] =>
  flapping === undefined
    ? undefined
    : {
        since: timeOf(flapping.since),
        changedAt: timeOf(flapping.changedAt),
        text: flapping.text,
        endsAt: timeIfAny(deadlines.steady),
      };

const rollbackDto = ({ name, deployment, state, from, to, reason, at }: RollbackStep): IncidentDto['rollback'] => ({
  ...{ name, deployment, state, from, to, reason, at: timeOf(at) },
});
