import type { DeploymentState, DeploymentView } from './deployment.ts';
import { mainOf } from './traffic.ts';

/** How often a deployment is checked. */
export const lookEveryMs = 300_000;
/** Two sightings further apart prove nothing about the time between. */
export const maxGapMs = 3 * lookEveryMs;
/** A deployment is one small record; the version seen longest ago is dropped first. */
const maxVersions = 50;

/**
 * Adds what a hook just reported to what is known about serving times.
 *
 * A version served between two consecutive sightings if both found it with more than half of the
 * traffic, at most `maxGapMs` apart, without a change of revision. Times add up across gaps, so the
 * result is a lower bound.
 */
export function sighted(state: DeploymentState, view: DeploymentView, now: number): DeploymentState {
  const { sighting: last, served = [] } = state;
  const main = mainOf(view);
  if (main === undefined) return { ...state, sighting: undefined };
  const { revision } = view;
  const isChanged = last?.revision !== undefined && revision !== undefined && last.revision !== revision;
  const gap = last === undefined || last.main !== main || isChanged ? 0 : now - last.at;
  const ms = gap > 0 && gap <= maxGapMs ? gap : 0;
  const known = served.find(({ version }) => version === main);
  const others = served.filter(({ version }) => version !== main);
  return {
    ...state,
    sighting: { at: now, main, ...(revision === undefined ? {} : { revision }) },
    served: [...others, { version: main, ms: (known?.ms ?? 0) + ms, lastAt: now }].slice(-maxVersions),
  };
}

/** How long a version has served, at least; 0 if unknown. */
export const servedAtLeast = (state: DeploymentState | undefined, version: string): number =>
  state?.served?.find((one) => one.version === version)?.ms ?? 0;
