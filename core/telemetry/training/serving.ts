/** How a version came to be the one that counts as served. */
export type Promotion = 'promoted' | 'first traffic' | 'rolled back';

/** Which version of a source's model counts as served, and since when. Rules with a training baseline compare with its profile. */
export type ServingState = {
  /** Name of the source in the config. */
  source: string;
  modelVersion: string;
  since: number;
  how: Promotion;
  /** Who promoted it: a person, the name of a key, or `tocsin`. */
  by: string;
  /** Versions whose first traffic has been seen; another one is new. */
  known: string[];
  /** What was served before, newest first; at most `mostBefore`. */
  before: { modelVersion: string; since: number; until: number }[];
  version: number;
};

const mostBefore = 20;
const mostKnown = 5000;

export type PromotionRequest = { source: string; modelVersion: string; how: Promotion; by: string };

/** What is served afterwards; undefined where it is that version already. `seen`: versions that have records now. */
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

/** Versions among those that have records now which had none before; all of them where nothing is known yet. */
export function newVersions(known: ServingState | undefined, seen: readonly string[]): string[] {
  const before = new Set(known?.known ?? []);
  return seen.filter((version) => !before.has(version));
}
