import * as z from 'zod';
import { muters } from '../../alerting/alerts/mute-reason.ts';
import { rollbackRefusals } from '../../remediation/rollback/refusal.ts';
import { changeKinds } from '../../telemetry/changes/change.ts';
import { alertSeveritySchema } from '../../vocabulary/schema-parts.ts';
import { ids, measured, text, texts, whole } from '../../vocabulary/stored-parts.ts';
import { storedTarget } from '../escalation/page-target.ts';
import { pageReasons } from '../paging/posted.ts';
import { withheldCodes } from './withheld.ts';

/** How an incident ended. */
export const endings = [
  'alerts resolved',
  'resolved while muted',
  'resolved before groupWait',
  'resolved by a person',
  'rollback proven',
] as const;
export type Ending = (typeof endings)[number];

/**
 * Why escalation goes on. `unreachable`: nobody at the step before can be paged, or every contact
 * of theirs failed.
 */
export const escalationCauses = ['unacknowledged', 'asked', 'unreachable'] as const;
export type EscalationCause = (typeof escalationCauses)[number];

/** Where escalation is. `exhausted`: every step was paged. */
export const escalationSteps = ['tier', 'repeat', 'fallback', 'exhausted'] as const;
export type EscalationStep = (typeof escalationSteps)[number];

/** How a page failed. `slow` is still retried; `unresolved` names nobody that can be paged. */
export const pageFailures = ['unresolved', 'slow', 'dead', 'message not updated'] as const;
export type PageFailure = (typeof pageFailures)[number];

/**
 * What an incident that came back did: fired again, fires more than was resolved, or never stopped.
 */
export const returns = ['fired again', 'more fires', 'still fires'] as const;
export type Return = (typeof returns)[number];

/** How far a rollback got. `unproven` is watched on; `ended unproven` is final. */
export const rollbackOutcomes = [
  'carried out',
  'carried out, unconfirmed',
  'failed',
  'not serving',
  'proven',
  'unproven',
  'ended unproven',
  'not recovered',
  'watch ended',
] as const;
export type RollbackOutcome = (typeof rollbackOutcomes)[number];

/** What the consistency check repaired. */
export const repairedFaults = ['counts', 'no next step', 'too far ahead', 'stray', 'hidden', 'overdue'] as const;

/** What an entry says, as fields. Which of them it has follows from its kind. */
export const timelineData = z.object({
  // About an alert, or what somebody is told.
  rule: ids.ruleId.optional(),
  fingerprint: ids.fingerprint.optional(),
  labels: texts.optional(),
  severity: alertSeveritySchema.optional(),
  value: measured.optional(),
  baseline: measured.optional(),
  degradation: measured.optional(),
  mutedBy: z.enum(muters).optional(),
  // About an incident.
  group: texts.optional(),
  incident: ids.incidentId.optional(),
  ending: z.enum(endings).optional(),
  returned: z.enum(returns).optional(),
  /** Alerts that fired when a person resolved it. */
  stillFiring: whole.optional(),
  /** Past the response-time target. */
  late: z.literal(true).optional(),
  // About escalation and pages.
  policy: text.optional(),
  tier: whole.optional(),
  step: z.enum(escalationSteps).optional(),
  cause: z.enum(escalationCauses).optional(),
  restartsAt: whole.optional(),
  /** Nobody was reached by any step. */
  untold: z.literal(true).optional(),
  /** By the link in the page to `contact`, without signing in. */
  byLink: z.literal(true).optional(),
  reason: z.enum(pageReasons).optional(),
  target: storedTarget.optional(),
  override: text.optional(),
  contact: text.optional(),
  effect: ids.effectId.optional(),
  providerId: text.optional(),
  failure: z.enum(pageFailures).optional(),
  withheld: z.enum(withheldCodes).optional(),
  // About a rollback.
  deployment: text.optional(),
  from: text.optional(),
  to: text.optional(),
  requestId: text.optional(),
  refusal: z.enum(rollbackRefusals).optional(),
  offered: z.literal(true).optional(),
  outcome: z.enum(rollbackOutcomes).optional(),
  watchMs: whole.optional(),
  // About a change.
  change: ids.changeId.optional(),
  changeKind: z.enum(changeKinds).optional(),
  link: text.optional(),
  // About Tocsin itself.
  fault: z.enum(repairedFaults).optional(),
});
export type TimelineData = z.output<typeof timelineData>;
