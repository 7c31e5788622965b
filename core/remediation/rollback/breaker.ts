import type { DeploymentState } from '../deployments/deployment.ts';

const keepTimesMs = 2 * 86_400_000;
/** A deployment is one small record; what was knownBad longest ago is forgotten first. */
const maxCondemned = 200;

/** A rollback counts from now on for the cool-down, and an automatic one for the daily limit of those. */
export function openBreaker(state: DeploymentState, by: string, now: number): DeploymentState {
  const kept = state.rolledBackAt.filter((at) => at > now - keepTimesMs);
  const rolledBackAt = by === 'tocsin' ? [...kept, now] : kept;
  const { lost, ...known } = state;
  // A person has decided without what was lost, and knows it.
  return { ...known, ...(lost && by === 'tocsin' ? { lost } : {}), breaker: 'open', openedAt: now, rolledBackAt };
}

/** A version that was left is never a target again. */
export function condemn(state: DeploymentState, left: DeploymentState['knownBad'][number]): DeploymentState {
  const others = state.knownBad.filter(({ version }) => version !== left.version);
  return { ...state, knownBad: [...others, left].slice(-maxCondemned) };
}
