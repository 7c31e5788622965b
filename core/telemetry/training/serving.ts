/** How a version came to be the served one. */
export type Promotion = 'promoted' | 'first traffic' | 'rolled back';

/**
 * Which version of a source's model is served, and since when. Rules with a training baseline
 * compare with its profile.
 */
export type ServingState = {
  /** Name of the source in the config. */
  source: string;
  modelVersion: string;
  since: number;
  how: Promotion;
  /** Who promoted it: a person, a key name, or `tocsin`. */
  by: string;
  /** Versions already seen in traffic. Any other is new. */
  known: string[];
  /** Earlier served versions, newest first; at most `mostBefore`. */
  before: { modelVersion: string; since: number; until: number }[];
  version: number;
};

const mostBefore = 20;
const mostKnown = 5000;

export type PromotionRequest = { source: string; modelVersion: string; how: Promotion; by: string };

/**
 * The state after a promotion; undefined if that version is already served. `seen`: versions with
 * records now.
 */
export function promoted(
  known: ServingState | undefined,
  { source, modelVersion, how, by }: PromotionRequest,
  seen: readonly string[],
  now: number,
): ServingState | undefined {
  if (known?.modelVersion === modelVersion) return undefined;
  const left = known === undefined ? [] : [{ modelVersion: known.modelVersion, since: known.since, until: now }];
  return {
    source,
    modelVersion,
    since: now,
    how,
    by,
    known: [...new Set([...seen, modelVersion])].slice(0, mostKnown),
    before: [...left, ...(known?.before ?? [])].slice(0, mostBefore),
    version: (known?.version ?? 0) + 1,
  };
}

/** Versions with records now but none before; all of them if nothing is known yet. */
export function newVersions(known: ServingState | undefined, seen: readonly string[]): string[] {
  const before = new Set(known?.known ?? []);
  return seen.filter((version) => !before.has(version));
}
