import type { DeploymentState } from '../deployments/deployment.ts';

const keepTimesMs = 2 * 86_400_000;
/** A deployment is one small record; what was knownBad longest ago is forgotten first. */
const maxCondemned = 200;

/** Starts the cool-down; an automatic rollback also counts for the daily limit. */
export function openBreaker(state: DeploymentState, by: string, now: number): DeploymentState {
  const kept = state.rolledBackAt.filter((at) => at > now - keepTimesMs);
  const rolledBackAt = by === 'tocsin' ? [...kept, now] : kept;
  const { lost, ...known } = state;
  // A person decided knowing that the record was lost, which clears the flag.
  return { ...known, ...(lost && by === 'tocsin' ? { lost } : {}), breaker: 'open', openedAt: now, rolledBackAt };
}

/** Marks a version as known-bad: never a target again. */
export function condemn(state: DeploymentState, left: DeploymentState['knownBad'][number]): DeploymentState {
  const others = state.knownBad.filter(({ version }) => version !== left.version);
  return { ...state, knownBad: [...others, left].slice(-maxCondemned) };
}
