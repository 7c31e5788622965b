import type { Severity } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { BreakerState, DeploymentState } from '../deployments/deployment.ts';
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
      reason: string;
      /** A person may still start it: from which version, to which. */
      offer: boolean;
      from?: string;
      to?: string;
      /** What is unknown about these versions. */
      doubt?: string;
    };

/** Whether to return to the last known-good version, which one, and why (not). */
export function decideRollback(question: RollbackQuestion): RollbackVerdict {
  const { rollback, severity, deployment, view, byPerson, now } = question;
  const inFlight = deployment?.inFlight;
  if (inFlight !== undefined)
    return {
      go: false,
      offer: false,
      reason: `a rollback of ${rollback.deployment} from ${inFlight.from} to ${inFlight.to} is in flight`,
    };
  const target = targetOf(question);
  if (!target.ok) return { go: false, offer: false, reason: target.reason };
  const { from, to, why, doubt } = target;
  const go = (reason: string): RollbackVerdict => ({ go: true, from, to, revision: view.revision, reason });
  if (byPerson) return go(doubt === undefined ? why : `${why}; ${doubt}`);
  const limit = limitOf(rollback, severity, deployment, now);
  const against = [limit, doubt].filter((reason) => reason !== undefined);
  if (against.length > 0)
    return { go: false, offer: true, from, to, ...(doubt === undefined ? {} : { doubt }), reason: against.join('; ') };
  return go(`${why}${breakerState(deployment, rollback.cooldown, now) === 'half-open' ? '; the breaker is half-open' : ''}`);
}

/** What blocks an automatic rollback, whatever the versions. */
function limitOf(
  rollback: RollbackConfig,
  severity: Severity,
  deployment: DeploymentState | undefined,
  now: number,
): string | undefined {
  if (!rollback.automatic) return 'automatic rollback is off for it';
  if (deployment?.lost) return 'the record of the deployment could not be read, so known-bad versions are unknown';
  if (severity !== 'critical') return 'the alert is not critical';
  if (breakerState(deployment, rollback.cooldown, now) === 'open') {
    const since = formatDuration(now - (deployment?.openedAt ?? now));
    return `the breaker is open: the last rollback was ${since} ago, the cool-down is ${formatDuration(rollback.cooldown)}`;
  }
  const today = (deployment?.rolledBackAt ?? []).filter((at) => at > now - dayMs).length;
  return today >= rollback.dailyLimit ? `the daily limit of ${rollback.dailyLimit} is reached` : undefined;
}
