import type { Promotion, ServingState } from './serving.ts';

/** A version that began to be served; `how` is known of the latest. */
export type ServedSince = { version: string; since: number; how?: Promotion; by?: string; after?: string };

/**
 * When each version began to be served, oldest first. The first one known has served before anybody
 * looked.
 */
export function servedSince({ modelVersion, since, how, by, before }: ServingState): ServedSince[] {
  const [last] = before;
  const latest: ServedSince = { version: modelVersion, since, how, by, ...(last && { after: last.modelVersion }) };
  const earlier = before.map(({ modelVersion: version, since: at }, index): ServedSince => {
    const after = before[index + 1]?.modelVersion;
    return { version, since: at, ...(after === undefined ? {} : { after }) };
  });
  return [latest, ...earlier].filter(({ after }) => after !== undefined).reverse();
}
