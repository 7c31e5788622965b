import type { Target } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import { cut } from '../incidents/brief.ts';
import type { Draft } from '../incidents/draft.ts';
import type { FrozenPolicy } from '../incidents/incident.ts';
import type { PageReason } from '../paging/posted.ts';
import { policyFor } from './matrix.ts';
import { resolveTarget } from './targets.ts';

/** A reason travels with every page, and holds texts that come from outside. */
const maxWhy = 1000;

/** The policy in force, frozen into the incident the first time its cell of the matrix applies. */
export function freezePolicy(draft: Draft): FrozenPolicy {
  const { incident, config } = draft;
  const key = `${incident.category}/${incident.severity}`;
  incident.policyKey = key;
  const frozen = incident.policies[key];
  if (frozen !== undefined) return frozen;
  const policy = policyFor(config, incident.category, incident.severity);
  incident.policies[key] = policy;
  return policy;
}

function policyInForce(draft: Draft): FrozenPolicy {
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
  // What is slow stays noted: its next contact method has been tried, whatever step it was for.
  incident.escalation = { tier: 0, repeats: 0, fallback: false, targets: [], dead: [], slow: incident.escalation.slow };
  Object.assign(incident.deadlines, { groupWait: undefined, ackTimeout: undefined, acknowledge: undefined, joined: undefined });
  return advance(draft, reason, why);
}

/** Whether somebody was paged; if not, why nobody could be. */
export type Escalated = { paged: true } | { paged: false; why: string };

/**
 * Pages the next step of the policy: the next tier, then the last tier again, then the fallback, then nobody. A step
 * none of whose targets can be resolved is passed over at once, so the loop is bounded by tiers + 1.
 */
export function advance(draft: Draft, reason: PageReason, why: string): Escalated {
  const { incident, now } = draft;
  const policy = policyInForce(draft);
  const step = incident.escalation;
  const passedOver: string[] = [];
  const unreachable: string[] = [];
  for (;;) {
    const reasons = [why, ...passedOver].filter((text) => text !== '').join('; ');
    if (step.tier < policy.tiers.length) step.tier += 1;
    else if (step.repeats < policy.repeat) step.repeats += 1;
    else if (!step.fallback && policy.fallback !== undefined) step.fallback = true;
    else {
      incident.deadlines.acknowledge = undefined;
      draft.note('escalated', `the policy ${policy.name} is exhausted: ${reasons}; nobody is left to page`);
      return { paged: false, why: unreachable.join('; ') };
    }
    const tier = policy.tiers[step.tier - 1];
    step.targets = [];
    step.dead = [];
    const stepReason: PageReason = reason === 'escalated' && step.repeats > 0 && !step.fallback ? 'reminder' : reason;
    if (reason === 'escalated' || passedOver.length > 0) draft.note('escalated', `${describeStep(draft)}: ${reasons}`);
    const { targets, failures } = pageTargets(draft, targetsOfStep(draft), stepReason, reasons);
    if (targets.length > 0) {
      step.targets = targets;
      incident.deadlines.acknowledge = step.fallback ? undefined : now + (tier?.ackWithin ?? 0);
      return { paged: true };
    }
    passedOver.push(`nobody at ${describeStep(draft)} can be paged`);
    unreachable.push(...failures);
    // Who cannot be found cannot be found again in the same moment.
    if (step.tier === policy.tiers.length) step.repeats = policy.repeat;
  }
}

/**
 * Escalates at once because somebody asks for it, or because a remedy failed; also past an acknowledge. Where there is no
 * next step those of an earlier one are paged again, so that it never reaches nobody without saying so.
 */
export function escalateNow(draft: Draft, reason: 'escalated' | 'remedy failed', why: string): Escalated {
  const { incident } = draft;
  const policy = policyInForce(draft);
  const { tier, repeats, fallback } = incident.escalation;
  if (tier === 0) return trigger(draft, reason, why);
  incident.status = 'triggered';
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  Object.assign(incident.deadlines, { groupWait: undefined, ackTimeout: undefined });
  const isLast = tier === policy.tiers.length && repeats >= policy.repeat && (fallback || policy.fallback === undefined);
  if (!isLast) return advance(draft, reason, why);
  // What was relied on is gone, and nobody has answered in a while: from the beginning.
  if (reason === 'remedy failed') return trigger(draft, reason, why);
  draft.note('escalated', `${describeStep(draft)} again: ${why}; the policy ${policy.name} has nobody further`);
  return pageCurrentStep(draft, reason, why);
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

/** Pages each target that can be resolved now, a person once; returns who that was, and why not the others. */
function pageTargets(
  draft: Draft,
  wanted: readonly Target[],
  reason: PageReason,
  why: string,
): { targets: string[]; failures: string[] } {
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
      generation: incident.generation,
    });
  }
  if (failures.length > 0) {
    const nobody = targets.length === 0 ? `nobody at ${describeStep(draft)} can be paged: ` : '';
    draft.note('page failed', `${nobody}${failures.join('; ')}`);
  }
  return { targets, failures };
}

/** Pages those of the current step once more, for news that does not escalate. */
export function pageCurrentStep(draft: Draft, reason: PageReason, why: string): Escalated {
  const { targets, failures } = pageTargets(draft, targetsOfStep(draft), reason, why);
  return targets.length > 0 ? { paged: true } : { paged: false, why: failures.join('; ') };
}
