import type { Target } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import type { Draft } from '../incidents/draft.ts';
import type { FrozenPolicy } from '../incidents/incident.ts';
import type { PageReason } from '../paging/posted.ts';
import { policyFor } from './matrix.ts';
import { resolveTarget } from './targets.ts';

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
export function trigger(draft: Draft, reason: PageReason, why: string): void {
  const { incident } = draft;
  freezePolicy(draft);
  incident.status = 'triggered';
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  incident.joinedPagedAt = draft.now;
  incident.escalation = { tier: 0, repeats: 0, fallback: false, targets: [], dead: [], slow: [] };
  incident.deadlines = { ...incident.deadlines, groupWait: undefined, ackTimeout: undefined, acknowledge: undefined };
  advance(draft, reason, why);
}

/**
 * Pages the next step of the policy: the next tier, then the last tier again, then the fallback, then nobody. A step
 * none of whose targets can be resolved is passed over at once, so the loop is bounded by tiers + repeats + 1.
 */
export function advance(draft: Draft, reason: PageReason, why: string): void {
  const { incident, now } = draft;
  const policy = policyInForce(draft);
  const step = incident.escalation;
  for (;;) {
    if (step.tier < policy.tiers.length) step.tier += 1;
    else if (step.repeats < policy.repeat) step.repeats += 1;
    else if (!step.fallback && policy.fallback !== undefined) step.fallback = true;
    else {
      incident.deadlines.acknowledge = undefined;
      draft.note('escalated', `the policy ${policy.name} is exhausted: ${why}; nobody is left to page`);
      return;
    }
    const tier = policy.tiers[step.tier - 1];
    const targets = step.fallback ? [policy.fallback as Target] : (tier?.targets ?? []);
    step.targets = [];
    step.dead = [];
    step.slow = [];
    const stepReason: PageReason = reason === 'escalated' && step.repeats > 0 && !step.fallback ? 'reminder' : reason;
    if (reason === 'escalated') draft.note('escalated', `${describeStep(draft, policy)}: ${why}`);
    if (pageTargets(draft, targets, stepReason, why) > 0) {
      incident.deadlines.acknowledge = step.fallback ? undefined : now + (tier?.ackWithin ?? 0);
      return;
    }
    why = `nobody at ${describeStep(draft, policy)} can be reached`;
    reason = 'escalated';
  }
}

/** `tier 2 of 3`, `tier 3 again (1 of 2)`, `the fallback`. */
export function describeStep(draft: Draft, policy: FrozenPolicy): string {
  const { tier, repeats, fallback } = draft.incident.escalation;
  if (fallback) return 'the fallback';
  return repeats > 0 ? `tier ${tier} again (${repeats} of ${policy.repeat})` : `tier ${tier} of ${policy.tiers.length}`;
}

/** Why the current step has ended without an acknowledge. */
export function unacknowledged(draft: Draft): string {
  const policy = policyInForce(draft);
  const within = policy.tiers[draft.incident.escalation.tier - 1]?.ackWithin ?? 0;
  return `${describeStep(draft, policy)} did not acknowledge within ${formatDuration(within)}`;
}

/** Pages each target that can be resolved now; returns how many could. */
export function pageTargets(draft: Draft, targets: readonly Target[], reason: PageReason, why: string): number {
  const { incident, config, now } = draft;
  let reached = 0;
  for (const target of targets) {
    const resolved = resolveTarget(config, target, now);
    if (!resolved.ok) {
      draft.note('page failed', resolved.reason);
      continue;
    }
    reached += 1;
    incident.escalation.targets.push(resolved.target);
    draft.note('page', `${reason}: page ${resolved.target}: ${why}`, { data: { tier: incident.escalation.tier, reason } });
    draft.emit({
      kind: 'page',
      reason,
      why,
      severity: incident.severity,
      tier: incident.escalation.tier,
      target: resolved.target,
      contacts: resolved.contacts,
      contactIndex: 0,
      generation: incident.generation,
    });
  }
  return reached;
}

/** Pages those of the current step once more, for news that does not escalate. */
export function pageCurrentStep(draft: Draft, reason: PageReason, why: string): void {
  const policy = policyInForce(draft);
  const { tier, fallback } = draft.incident.escalation;
  const targets =
    fallback && policy.fallback !== undefined ? [policy.fallback] : (policy.tiers[Math.max(tier, 1) - 1]?.targets ?? []);
  const { targets: before } = draft.incident.escalation;
  pageTargets(draft, targets, reason, why);
  draft.incident.escalation.targets = before;
}
