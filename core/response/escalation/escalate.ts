import { cut } from '../../vocabulary/text.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { Draft } from '../incidents/draft.ts';
import type { Incident, PolicySnapshot } from '../incidents/incident.ts';
import type { PageReason } from '../paging/posted.ts';
import { policyFor } from './matrix.ts';
import type { Target } from './policy-schema.ts';
import { resolveTarget } from './targets.ts';

/** A reason travels with every page, and holds texts that come from outside. */
const maxWhy = 1000;
const minRestartMs = 60_000;
const maxRestartMs = 1_800_000;

/** The escalation of an incident that nobody has been called about. */
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

/** The policy in force, frozen into the incident the first time its cell of the matrix applies. */
export function freezePolicy(draft: Draft): PolicySnapshot {
  const { incident, config } = draft;
  const key = `${incident.category}/${incident.severity}`;
  incident.policyKey = key;
  const frozen = incident.policies[key];
  if (frozen !== undefined) return frozen;
  const policy = policyFor(config, incident.category, incident.severity);
  incident.policies[key] = policy;
  return policy;
}

/** The policy that the incident is under; one that nobody was called about yet comes under one now. */
export function policyInForce(draft: Draft): PolicySnapshot {
  return draft.incident.policies[draft.incident.policyKey] ?? freezePolicy(draft);
}

/** Starts, or starts again, at tier 1. */
export function trigger(draft: Draft, reason: PageReason, why: string): Escalated {
  const { incident } = draft;
  freezePolicy(draft);
  incident.status = 'triggered';
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  incident.joinedPagedAt = draft.now;
  incident.joinedUnpaged = 0;
  incident.paged = false;
  // What is slow stays noted: its next contact method has been tried, whatever step it was for.
  const { step, slow, fruitless } = incident.escalation;
  incident.escalation = { ...newEscalation(), step, slow, fruitless };
  Object.assign(incident.deadlines, {
    groupWait: undefined,
    ackTimeout: undefined,
    acknowledge: undefined,
    joined: undefined,
    restart: undefined,
  });
  return advance(draft, reason, why);
}

/** Whether somebody was paged; if not, why nobody could be. */
export type Escalated = { paged: true } | { paged: false; why: string };

/**
 * Pages the next step of the policy: the next tier, then the last tier again, then the fallback; after
 * that escalation waits to begin again. A step none of whose targets can be resolved is passed over
 * at once, so the loop is bounded by tiers + 1.
 */
export function advance(draft: Draft, reason: PageReason, why: string): Escalated {
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
      exhausted(draft, policy, reasons);
      return { paged: false, why: unreachable.join('; ') };
    }
    const stepReason: PageReason = reason === 'escalated' && step.repeats > 0 && !step.fallback ? 'reminder' : reason;
    if (reason === 'escalated' || passedOver.length > 0) draft.note('escalated', `${describeStep(draft)}: ${reasons}`);
    const { targets, failures } = callTargets(draft, targetsOfStep(draft), stepReason, reasons);
    if (targets.length > 0) {
      awaitAcknowledge(draft, policy);
      return { paged: true };
    }
    passedOver.push(`nobody at ${describeStep(draft)} can be paged`);
    unreachable.push(...failures);
    // Who cannot be found cannot be found again in the same moment.
    if (step.tier === policy.tiers.length) step.repeats = policy.repeat;
  }
}

/** The step that was just paged has its time to acknowledge; after the last one escalation begins again. */
function awaitAcknowledge({ incident, now }: Draft, policy: PolicySnapshot): void {
  const { tier, fallback } = incident.escalation;
  const ackWithin = policy.tiers[Math.max(tier, 1) - 1]?.ackWithin ?? 0;
  incident.deadlines.acknowledge = fallback ? undefined : now + ackWithin;
  incident.deadlines.restart = fallback ? now + restartAfter(policy.ackTimeout) : undefined;
}

/** Whoever was told has as long as an acknowledge would hold; at least so long that it is no loop. */
export const restartAfter = (ackTimeoutMs: number): number => Math.max(ackTimeoutMs, minRestartMs);

/**
 * Every step has been paged. An incident that somebody was told of waits as long as an acknowledge would
 * hold; one that nobody was told of tries again soon, after waits that double up to half an hour.
 */
function exhausted(draft: Draft, policy: PolicySnapshot, why: string): void {
  const { incident, now } = draft;
  const step = incident.escalation;
  const wait = incident.paged
    ? restartAfter(policy.ackTimeout)
    : Math.min(maxRestartMs, minRestartMs * 2 ** Math.min(step.fruitless, 5));
  if (!incident.paged) step.fruitless += 1;
  incident.deadlines.acknowledge = undefined;
  incident.deadlines.restart = now + wait;
  const untold = incident.paged ? '' : '; nobody has been told';
  draft.note(
    'escalated',
    `the policy ${policy.name} is exhausted: ${why}${untold}; it begins again at tier 1 in ${formatDuration(wait)}`,
  );
}

/** Nobody has taken the incident although every step was paged, or nobody could be told. */
export function restart(draft: Draft): void {
  const { incident, now } = draft;
  const lead = incident.alerts[0]?.reason ?? incident.title;
  const since = formatDuration(now - (incident.reopenedAt ?? incident.openedAt));
  if (incident.paged) trigger(draft, 'reminder', `nobody has acknowledged for ${since}: ${lead}`);
  else trigger(draft, 'triggered', `nobody could be told for ${since}: ${lead}`);
}

/**
 * All contact methods of everyone who was called have failed for good: the next tier is called at once.
 * A last tier of which somebody has been told keeps the times of its repeats, for the same phones would
 * fail again in the same moment.
 */
export function passOver(draft: Draft): void {
  const { incident } = draft;
  const policy = policyInForce(draft);
  const step = incident.escalation;
  const why = `nobody at ${describeStep(draft)} could be reached`;
  const isLastTier = step.tier >= policy.tiers.length && !step.fallback;
  if (isLastTier && step.repeats < policy.repeat) {
    if (incident.paged && policy.fallback === undefined) {
      draft.note('escalated', `${why}; it is called again at its time`);
      return;
    }
    step.repeats = policy.repeat;
  }
  advance(draft, 'escalated', why);
}

/**
 * Escalates at once because somebody asks for it, or because a remedy failed; also past an acknowledge. Where there is no
 * next step those of an earlier one are paged again, so that it never reaches nobody without saying so.
 */
export function escalateNow(draft: Draft, reason: 'escalated' | 'remedy failed', why: string): Escalated {
  const { incident } = draft;
  const policy = policyInForce(draft);
  if (incident.escalation.tier === 0) return trigger(draft, reason, why);
  incident.status = 'triggered';
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  Object.assign(incident.deadlines, { groupWait: undefined, ackTimeout: undefined, restart: undefined });
  if (!isLastStep(policy, incident.escalation)) return advance(draft, reason, why);
  // What was relied on is gone, and nobody has answered in a while: from the beginning.
  if (reason === 'remedy failed') return trigger(draft, reason, why);
  draft.note('escalated', `${describeStep(draft)} again: ${why}; the policy ${policy.name} has nobody further`);
  const called = callCurrentStep(draft, reason, why);
  awaitAcknowledge(draft, policy);
  return called;
}

/** Whether the policy names nobody who has not been called. */
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

/** Why the current step has ended without an acknowledge. */
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

/** Calls each target that can be resolved now, as a step of its own; returns who that was, and why not the others. */
function callTargets(draft: Draft, wanted: readonly Target[], reason: PageReason, why: string): Paged {
  const step = draft.incident.escalation;
  step.step += 1;
  Object.assign(step, { targets: [], dead: [], failed: [] });
  const paged = pageTargets(draft, wanted, reason, why);
  step.targets = paged.targets;
  return paged;
}

type Paged = { targets: string[]; failures: string[] };

/** Pages each target that can be resolved now, a person once. */
function pageTargets(draft: Draft, wanted: readonly Target[], reason: PageReason, why: string): Paged {
  const { incident, config, now } = draft;
  const told = cut(why, maxWhy);
  const targets: string[] = [];
  const failures: string[] = [];
  const persons = new Set<string>();
  for (const one of wanted) {
    const resolved = resolveTarget(config, one, now);
    if (!resolved.ok) {
      failures.push(resolved.reason);
      continue;
    }
    const { target, contacts, responder, override } = resolved;
    if (targets.includes(target) || (responder !== undefined && persons.has(responder))) continue;
    if (responder !== undefined) persons.add(responder);
    targets.push(target);
    const standIn = override === undefined ? '' : `, who stands in by an override of ${override.by}`;
    draft.note('page', `${reason}: page ${target}${standIn}: ${told}`, { data: { tier: incident.escalation.tier, reason } });
    draft.emit({
      kind: 'page',
      reason,
      why: told,
      severity: incident.severity,
      tier: incident.escalation.tier,
      target,
      contacts,
      contactIndex: 0,
      step: incident.escalation.step,
    });
  }
  if (failures.length > 0) {
    const nobody = targets.length === 0 ? `nobody at ${describeStep(draft)} can be paged: ` : '';
    draft.note('page failed', `${nobody}${failures.join('; ')}`);
  }
  return { targets, failures };
}

const escalated = ({ targets, failures }: Paged): Escalated =>
  targets.length > 0 ? { paged: true } : { paged: false, why: failures.join('; ') };

/** Calls those of the current step once more, whoever that is by now; its deadline stays. */
export const callCurrentStep = (draft: Draft, reason: PageReason, why: string): Escalated =>
  escalated(callTargets(draft, targetsOfStep(draft), reason, why));

/** Calls the first tier about an incident that has ended; no step follows. */
export function callFirstTier(draft: Draft, why: string): void {
  const { incident } = draft;
  const { step, slow } = incident.escalation;
  incident.escalation = { ...newEscalation(), step, slow, tier: 1 };
  callCurrentStep(draft, 'triggered', why);
}

/** Pages those of the current step with news that asks nobody to act. */
export const pageCurrentStep = (draft: Draft, reason: PageReason, why: string): Escalated =>
  escalated(pageTargets(draft, targetsOfStep(draft), reason, why));
