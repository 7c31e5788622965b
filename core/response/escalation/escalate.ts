import { isPaging, pagedAs } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import { formatAge, formatDuration } from '../../vocabulary/units.ts';
import type { Draft } from '../incidents/draft.ts';
import type { Incident, PolicySnapshot } from '../incidents/incident.ts';
import { leadingOf } from '../incidents/info-only.ts';
import type { EscalationCause, TimelineData } from '../incidents/timeline-data.ts';
import type { PageReason } from '../paging/posted.ts';
import { policyFor } from './matrix.ts';
import { isSameTarget, type PageTarget, targetText } from './page-target.ts';
import type { Target } from './policy-schema.ts';
import { policyKeyOf } from './routing.ts';
import { resolveTarget } from './targets.ts';
import { tellOthers } from './tell.ts';

/** A reason travels with every page and contains texts from outside. */
const maxWhy = 1000;
const minRestartMs = 60_000;
const maxRestartMs = 1_800_000;

/** The escalation of an incident before anybody was called. */
export const newEscalation = (): Incident['escalation'] => ({
  tier: 0,
  repeats: 0,
  fallback: false,
  step: 0,
  targets: [],
  dead: [],
  failed: [],
  slow: [],
  fruitless: 0,
  heldWhileMuted: false,
});

/** The current policy, copied into the incident the first time its matrix cell or route applies. */
export function freezePolicy(draft: Draft): PolicySnapshot {
  const { incident, config } = draft;
  const severity = pagedAs(incident.severity);
  const to = incident.routing?.[severity];
  const key = policyKeyOf(incident.category, severity, to);
  incident.policyKey = key;
  const frozen = incident.policies[key];
  if (frozen !== undefined) return frozen;
  const policy = policyFor(config, incident.category, severity, to);
  incident.policies[key] = policy;
  return policy;
}

/** The policy of the incident. If nobody was called yet, it gets one now. */
export function policyInForce(draft: Draft): PolicySnapshot {
  return draft.incident.policies[draft.incident.policyKey] ?? freezePolicy(draft);
}

/** Starts, or restarts, at tier 1. */
export function trigger(draft: Draft, reason: PageReason, why: string, cause?: EscalationCause): Escalated {
  const { incident } = draft;
  freezePolicy(draft);
  incident.status = 'triggered';
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  incident.joinedPagedAt = draft.now;
  incident.joinedUnpaged = 0;
  incident.paged = false;
  // Slow deliveries stay recorded: their next contact method was already tried, at whatever step.
  const { step, slow, fruitless } = incident.escalation;
  incident.escalation = { ...newEscalation(), step, slow, fruitless };
  Object.assign(incident.deadlines, {
    groupWait: undefined,
    ackTimeout: undefined,
    acknowledge: undefined,
    joined: undefined,
    restart: undefined,
  });
  const escalated = advance(draft, reason, why, cause);
  if (tellsOthers.has(reason)) tellOthers(draft, policyInForce(draft).tell ?? [], why);
  return escalated;
}

/** When those who are only told hear of an incident, besides its end. */
const tellsOthers: ReadonlySet<PageReason> = new Set(['triggered', 'reopened', 'severity raised', 'flapping']);

/** Whether somebody was paged; if not, why. */
export type Escalated = { paged: true } | { paged: false; why: string };

/**
 * Pages the next step of the policy: the next tier, then repeats of the last tier, then the
 * fallback. After that escalation waits to restart. A step without a resolvable target is skipped
 * at once, so the loop runs at most tiers + 1 times.
 */
export function advance(draft: Draft, reason: PageReason, why: string, cause: EscalationCause = 'unreachable'): Escalated {
  const policy = policyInForce(draft);
  const step = draft.incident.escalation;
  const passedOver: string[] = [];
  const unreachable: string[] = [];
  for (;;) {
    const reasons = [why, ...passedOver].filter((text) => text !== '').join('; ');
    if (step.tier < policy.tiers.length) step.tier += 1;
    else if (step.repeats < policy.repeat) step.repeats += 1;
    else if (!step.fallback && policy.fallback !== undefined) step.fallback = true;
    else {
      exhausted(draft, policy, reasons, passedOver.length > 0 ? 'unreachable' : cause);
      return { paged: false, why: unreachable.join('; ') };
    }
    const stepReason: PageReason = reason === 'escalated' && step.repeats > 0 && !step.fallback ? 'reminder' : reason;
    if (reason === 'escalated' || passedOver.length > 0)
      draft.note('escalated', `${describeStep(draft)}: ${reasons}`, {
        data: stepData(draft, passedOver.length > 0 ? 'unreachable' : cause),
      });
    const { targets, failures } = callTargets(draft, targetsOfStep(draft), stepReason, reasons);
    if (targets.length > 0) {
      awaitAcknowledge(draft, policy);
      return { paged: true };
    }
    passedOver.push(`nobody at ${describeStep(draft)} can be paged`);
    unreachable.push(...failures);
    // Targets that cannot be resolved now will not resolve on an immediate repeat.
    if (step.tier === policy.tiers.length) step.repeats = policy.repeat;
  }
}

/** Sets the deadline to acknowledge the step just paged; after the last step, to restart. */
function awaitAcknowledge({ incident, now }: Draft, policy: PolicySnapshot): void {
  const { tier, fallback } = incident.escalation;
  const ackWithin = policy.tiers[Math.max(tier, 1) - 1]?.ackWithin ?? 0;
  incident.deadlines.acknowledge = fallback ? undefined : now + ackWithin;
  incident.deadlines.restart = fallback ? now + restartAfter(policy.ackTimeout) : undefined;
}

/** Waits as long as an acknowledge would hold, with a minimum so that it never loops. */
export const restartAfter = (ackTimeoutMs: number): number => Math.max(ackTimeoutMs, minRestartMs);

/**
 * How long escalation rests after its last step. If somebody was reached, as long as an acknowledge
 * would hold. Otherwise it retries soon, with a delay that doubles up to half an hour.
 */
export const restartWait = (
  { paged, escalation }: Pick<Incident, 'paged' | 'escalation'>,
  { ackTimeout }: Pick<PolicySnapshot, 'ackTimeout'>,
): number => (paged ? restartAfter(ackTimeout) : Math.min(maxRestartMs, minRestartMs * 2 ** Math.min(escalation.fruitless, 5)));

/** Every step has been paged, and nobody acknowledged. */
function exhausted(draft: Draft, policy: PolicySnapshot, why: string, cause: EscalationCause): void {
  const { incident, now } = draft;
  const step = incident.escalation;
  const wait = restartWait(incident, policy);
  if (!incident.paged) step.fruitless += 1;
  incident.deadlines.acknowledge = undefined;
  incident.deadlines.restart = now + wait;
  const untold = incident.paged ? '' : '; nobody has been told';
  draft.note('escalated', `policy ${policy.name} is exhausted: ${why}${untold}; restarts at tier 1 in ${formatDuration(wait)}`, {
    data: {
      ...stepData(draft, cause),
      ...{ step: 'exhausted', restartsAt: now + wait },
      ...(incident.paged ? {} : { untold: true }),
    },
  });
}

/** Restarts: every step was paged and nobody acknowledged, or nobody could be reached. */
export function restart(draft: Draft): void {
  const { incident, now } = draft;
  const lead = leadingOf(incident.alerts)?.reason ?? incident.title;
  const since = formatAge(now - (incident.reopenedAt ?? incident.openedAt));
  if (incident.paged) trigger(draft, 'reminder', `nobody has acknowledged for ${since}: ${lead}`);
  else trigger(draft, 'triggered', `nobody could be reached for ${since}: ${lead}`);
}

/**
 * Every contact method of everyone called has failed permanently: calls the next tier at once. If
 * somebody in the last tier was reached, its repeats keep their times: the same methods would fail
 * again.
 */
export function passOver(draft: Draft): void {
  const { incident } = draft;
  const policy = policyInForce(draft);
  const step = incident.escalation;
  const why = `nobody at ${describeStep(draft)} could be reached`;
  const isLastTier = step.tier >= policy.tiers.length && !step.fallback;
  if (isLastTier && step.repeats < policy.repeat) {
    if (incident.paged && policy.fallback === undefined) {
      draft.note('escalated', `${why}; retried at its next repeat`, { data: stepData(draft, 'unreachable') });
      return;
    }
    step.repeats = policy.repeat;
  }
  advance(draft, 'escalated', why);
}

/**
 * Escalates at once, on request or after a failed remedy, even if acknowledged. If there is no next
 * step, pages those of an earlier one again, so that it never silently reaches nobody.
 */
export function escalateNow(draft: Draft, reason: 'escalated' | 'remedy failed', why: string): Escalated {
  const { incident } = draft;
  const policy = policyInForce(draft);
  if (incident.escalation.tier === 0) return trigger(draft, reason, why, 'asked');
  incident.status = 'triggered';
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  Object.assign(incident.deadlines, { groupWait: undefined, ackTimeout: undefined, restart: undefined });
  if (!isLastStep(policy, incident.escalation)) return advance(draft, reason, why, 'asked');
  // The remedy they relied on failed, and nobody responded for a while: start over.
  if (reason === 'remedy failed') return trigger(draft, reason, why);
  draft.note('escalated', `${describeStep(draft)} again: ${why}; policy ${policy.name} has nobody else`, {
    data: stepData(draft, 'asked'),
  });
  const called = callCurrentStep(draft, reason, why);
  awaitAcknowledge(draft, policy);
  return called;
}

/** Whether every target of the policy has been called. */
export function isLastStep(policy: PolicySnapshot, { tier, repeats, fallback }: Incident['escalation']): boolean {
  return tier >= policy.tiers.length && repeats >= policy.repeat && (fallback || policy.fallback === undefined);
}

/** `tier 2 of 3`, `tier 3 again (1 of 2)`, `the fallback`. */
export function describeStep(draft: Draft): string {
  const policy = policyInForce(draft);
  const { tier, repeats, fallback } = draft.incident.escalation;
  if (fallback) return 'the fallback';
  return repeats > 0 ? `tier ${tier} again (${repeats} of ${policy.repeat})` : `tier ${tier} of ${policy.tiers.length}`;
}

/** Where escalation is now, and why. */
function stepData(draft: Draft, cause: EscalationCause): TimelineData {
  const { tier, repeats, fallback } = draft.incident.escalation;
  const step = fallback ? 'fallback' : repeats > 0 ? 'repeat' : 'tier';
  return { policy: policyInForce(draft).name, tier, step, cause };
}

/** Why the current step ended without an acknowledge. */
export function unacknowledged(draft: Draft): string {
  const policy = policyInForce(draft);
  const within = policy.tiers[draft.incident.escalation.tier - 1]?.ackWithin ?? 0;
  return `${describeStep(draft)} did not acknowledge within ${formatDuration(within)}`;
}

function targetsOfStep(draft: Draft): readonly Target[] {
  const policy = policyInForce(draft);
  const { tier, fallback } = draft.incident.escalation;
  if (fallback && policy.fallback !== undefined) return [policy.fallback];
  return policy.tiers[Math.max(tier, 1) - 1]?.targets ?? [];
}

/**
 * Calls every target that resolves now, as a new step. Returns who was called, and why others were
 * not.
 */
function callTargets(draft: Draft, wanted: readonly Target[], reason: PageReason, why: string): Paged {
  const step = draft.incident.escalation;
  step.step += 1;
  Object.assign(step, { targets: [], dead: [], failed: [] });
  const paged = pageTargets(draft, wanted, reason, why);
  step.targets = paged.targets;
  return paged;
}

type Paged = { targets: PageTarget[]; failures: string[] };

/** Pages every target that resolves now, each person once. */
function pageTargets(draft: Draft, wanted: readonly Target[], reason: PageReason, why: string): Paged {
  const { incident, config, now } = draft;
  const { severity } = incident;
  if (!isPaging(severity)) return withheldAsInfo(draft);
  const told = cut(why, maxWhy);
  const targets: PageTarget[] = [];
  const failures: string[] = [];
  const persons = new Set<string>();
  for (const one of wanted) {
    const resolved = resolveTarget(config, one, now);
    if (!resolved.ok) {
      failures.push(resolved.reason);
      continue;
    }
    const { target, contacts, responder, override } = resolved;
    if (targets.some((one) => isSameTarget(one, target)) || (responder !== undefined && persons.has(responder))) continue;
    if (responder !== undefined) persons.add(responder);
    targets.push(target);
    const standIn = override === undefined ? '' : `, on call by an override of ${override.by}`;
    draft.note('page', `${reason}: page ${targetText(target)}${standIn}: ${told}`, {
      data: { policy: policyInForce(draft).name, tier: incident.escalation.tier, reason, target, override: override?.id },
    });
    draft.emit({
      kind: 'page',
      reason,
      why: told,
      severity,
      tier: incident.escalation.tier,
      target,
      contacts,
      contactIndex: 0,
      step: incident.escalation.step,
    });
  }
  if (failures.length > 0) {
    const nobody = targets.length === 0 ? `nobody at ${describeStep(draft)} can be paged: ` : '';
    draft.note('page failed', `${nobody}${failures.join('; ')}`, {
      data: { failure: 'unresolved', reason, tier: incident.escalation.tier },
    });
  }
  return { targets, failures };
}

/** Nobody is paged about `info`, whatever asks for it. */
function withheldAsInfo(draft: Draft): Paged {
  draft.note('refused', 'no page: nothing in it is more than info', { data: { withheld: 'only info' } });
  return { targets: [], failures: ['nothing in it is more than info'] };
}

const escalated = ({ targets, failures }: Paged): Escalated =>
  targets.length > 0 ? { paged: true } : { paged: false, why: failures.join('; ') };

/** Calls the current step's targets again, whoever they are by now. Its deadline stays. */
export const callCurrentStep = (draft: Draft, reason: PageReason, why: string): Escalated =>
  escalated(callTargets(draft, targetsOfStep(draft), reason, why));

/** Calls the first tier about an incident that has ended. No step follows. */
export function callFirstTier(draft: Draft, why: string): void {
  const { incident } = draft;
  const { step, slow } = incident.escalation;
  incident.escalation = { ...newEscalation(), step, slow, tier: 1 };
  callCurrentStep(draft, 'triggered', why);
}

/** Sends news to the current step's targets. Nobody has to act. */
export const pageCurrentStep = (draft: Draft, reason: PageReason, why: string): Escalated =>
  escalated(pageTargets(draft, targetsOfStep(draft), reason, why));
