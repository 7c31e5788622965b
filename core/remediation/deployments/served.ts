import type { DeploymentState, DeploymentView } from './deployment.ts';
import { mainOf } from './traffic.ts';

/** How often a deployment is looked at. */
export const lookEveryMs = 300_000;
/** Two sightings further apart than this prove nothing about the time between them. */
export const maxGapMs = 3 * lookEveryMs;
/** A deployment is one small record; the version that was seen longest ago is forgotten first. */
const maxVersions = 50;

/**
 * Adds what a hook has just said is deployed to what is known of how long each version has served.
 *
 * A version is known to have served between two sightings that follow each other when both found it with more than half of
 * the traffic, lie at most `maxGapMs` apart, and name no different revisions. The times of a version add up, whatever lies
 * between them, so what is known is a lower bound of how long it has served.
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

/** For how long a version is known to have served, at least; 0 when nothing is known. */
export const servedAtLeast = (state: DeploymentState | undefined, version: string): number =>
  state?.served?.find((one) => one.version === version)?.ms ?? 0;
