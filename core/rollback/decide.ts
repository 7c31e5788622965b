import type { RollbackConfig, Severity } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import type { BreakerState, DeploymentState, DeploymentView } from './deployment.ts';

const dayMs = 86_400_000;

/**
 * The breaker of a deployment: open for the cool-down after a rollback, half-open (watched) for as long again, then
 * closed. Derived from the time of the last rollback, so no timer has to close it.
 */
export function breakerState(deployment: DeploymentState | undefined, cooldownMs: number, now: number): BreakerState {
  const openedAt = deployment?.openedAt;
  if (openedAt === undefined) return 'closed';
  if (now < openedAt + cooldownMs) return 'open';
  return now < openedAt + 2 * cooldownMs ? 'half-open' : 'closed';
}

export type RollbackQuestion = {
  rollback: RollbackConfig;
  severity: Severity;
  deployment: DeploymentState | undefined;
  view: DeploymentView;
  /** A person's request goes past the limits that guard against automation, not past what cannot work. */
  byPerson: boolean;
  now: number;
};

export type RollbackVerdict =
  | { go: true; from: string; to: string; revision?: string; reason: string }
  | { go: false; reason: string /** A person may start it all the same. */; offer: boolean };

/** Whether to return to the last known good version, to which, and why (not). */
export function decideRollback(question: RollbackQuestion): RollbackVerdict {
  const { rollback, severity, deployment, view, byPerson, now } = question;
  const inFlight = deployment?.inFlight;
  if (inFlight !== undefined)
    return {
      go: false,
      offer: false,
      reason: `a rollback of ${rollback.deployment} from ${inFlight.from} to ${inFlight.to} is in flight`,
    };
  const good = lastKnownGood(question);
  if (!good.ok) return { go: false, offer: false, reason: good.reason };
  const target = { go: true, from: view.current, to: good.version, revision: view.revision } as const;
  if (byPerson) return { ...target, reason: `${good.why}` };
  const refuse = (reason: string): RollbackVerdict => ({ go: false, offer: true, reason });
  if (!rollback.automatic) return refuse('automatic rollback is not enabled for it');
  if (severity !== 'critical') return refuse('the alert is not critical');
  const state = breakerState(deployment, rollback.cooldown, now);
  if (state === 'open') {
    return refuse(
      `the breaker is open: the last rollback was ${formatDuration(now - (deployment?.openedAt ?? now))} ago and the cool-down is ${formatDuration(rollback.cooldown)}`,
    );
  }
  const today = (deployment?.rolledBackAt ?? []).filter((at) => at > now - dayMs).length;
  if (today >= rollback.dailyLimit) return refuse(`the daily limit of ${rollback.dailyLimit} is reached`);
  return { ...target, reason: `${good.why}${state === 'half-open' ? '; the breaker is half-open' : ''}` };
}

function lastKnownGood({
  rollback,
  deployment,
  view,
  now,
}: RollbackQuestion): { ok: true; version: string; why: string } | { ok: false; reason: string } {
  if (view.candidates.length === 0)
    return { ok: false, reason: `no last known good version: ${view.current} is the only one ${rollback.deployment} has served` };
  const passedOver: string[] = [];
  for (const candidate of view.candidates) {
    if (candidate.version === view.current) continue;
    const condemned = deployment?.condemned.find(({ version }) => version === candidate.version);
    const served = candidate.servedMs ?? (candidate.deployedAt === undefined ? undefined : now - candidate.deployedAt);
    if (condemned !== undefined)
      passedOver.push(`${candidate.version} was itself rolled back from on ${new Date(condemned.at).toISOString()}`);
    else if (candidate.compatible === false)
      passedOver.push(`${candidate.version} is not compatible${candidate.why ? `: ${candidate.why}` : ''}`);
    else if (served !== undefined && served < rollback.goodAfter)
      passedOver.push(
        `${candidate.version} served only ${formatDuration(served)} (good after ${formatDuration(rollback.goodAfter)})`,
      );
    else
      return {
        ok: true,
        version: candidate.version,
        why: `${candidate.version} is the last known good version${passedOver.length > 0 ? ` (${passedOver.join('; ')})` : ''}`,
      };
  }
  return { ok: false, reason: `no last known good version: ${passedOver.join('; ') || 'no candidate but the current one'}` };
}
