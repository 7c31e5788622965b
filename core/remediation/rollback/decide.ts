import type { Severity } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { BreakerState, DeploymentState } from '../deployments/deployment.ts';
import type { RollbackRefusal } from './refusal.ts';
import type { RollbackConfig } from './rollback-schema.ts';
import { type RollbackQuestion, targetOf } from './target.ts';

const dayMs = 86_400_000;

/**
 * The state of a deployment's breaker: open for the cool-down after a rollback, half-open (watched)
 * for the same time again, then closed. Derived from the time of the last rollback, so no timer
 * must close it.
 */
export function breakerState(deployment: DeploymentState | undefined, cooldownMs: number, now: number): BreakerState {
  const openedAt = deployment?.openedAt;
  if (openedAt === undefined) return 'closed';
  if (now < openedAt + cooldownMs) return 'open';
  return now < openedAt + 2 * cooldownMs ? 'half-open' : 'closed';
}

export type RollbackVerdict =
  | { go: true; from: string; to: string; revision?: string; reason: string }
  | {
      go: false;
      code: RollbackRefusal;
      /** The same for people, with what is known. */
      reason: string;
      /** A person may still start it: from which version, to which. */
      offer: boolean;
      from?: string;
      to?: string;
      /** Something is unknown about these versions. */
      isDoubted?: boolean;
    };

/** Whether to return to the last known-good version, which one, and why (not). */
export function decideRollback(question: RollbackQuestion): RollbackVerdict {
  const { rollback, severity, deployment, view, byPerson, now } = question;
  const inFlight = deployment?.inFlight;
  if (inFlight !== undefined)
    return {
      go: false,
      offer: false,
      code: 'in flight',
      reason: `a rollback of ${rollback.deployment} from ${inFlight.from} to ${inFlight.to} is in flight`,
    };
  const target = targetOf(question);
  if (!target.ok) return { go: false, offer: false, code: 'no good version', reason: target.reason };
  const { from, to, why, doubts } = target;
  const go = (reason: string): RollbackVerdict => ({ go: true, from, to, revision: view.revision, reason });
  if (byPerson) return go([why, ...doubts.map(({ text }) => text)].join('; '));
  const limit = limitOf(rollback, severity, deployment, now);
  const [first, ...others] = [...(limit === undefined ? [] : [limit]), ...doubts];
  if (first !== undefined) {
    const reason = [first, ...others].map(({ text }) => text).join('; ');
    return { go: false, offer: true, from, to, isDoubted: doubts.length > 0, code: first.code, reason };
  }
  return go(`${why}${breakerState(deployment, rollback.cooldown, now) === 'half-open' ? '; the breaker is half-open' : ''}`);
}

/** What blocks an automatic rollback, whatever the versions. */
function limitOf(
  rollback: RollbackConfig,
  severity: Severity,
  deployment: DeploymentState | undefined,
  now: number,
): { code: RollbackRefusal; text: string } | undefined {
  if (!rollback.automatic) return { code: 'not automatic', text: 'automatic rollback is off for it' };
  if (deployment?.lost)
    return { code: 'record lost', text: 'the record of the deployment could not be read, so known-bad versions are unknown' };
  if (severity !== 'critical') return { code: 'not critical', text: 'the alert is not critical' };
  if (breakerState(deployment, rollback.cooldown, now) === 'open') {
    const since = formatDuration(now - (deployment?.openedAt ?? now));
    const cooldown = formatDuration(rollback.cooldown);
    return { code: 'cool-down', text: `the breaker is open: the last rollback was ${since} ago, the cool-down is ${cooldown}` };
  }
  const today = (deployment?.rolledBackAt ?? []).filter((at) => at > now - dayMs).length;
  if (today < rollback.dailyLimit) return undefined;
  return { code: 'daily limit', text: `the daily limit of ${rollback.dailyLimit} is reached` };
}
