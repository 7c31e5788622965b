import { distance } from 'fastest-levenshtein';

/** How many letters of a name may differ. A swap of two letters counts as two. */
const tolerance = (length: number): number => (length < 3 ? 0 : length === 3 ? 1 : Math.max(2, Math.floor(length / 3)));

/** The valid name that was probably meant, or undefined. Case is ignored. */
export function nearest(name: string, valid: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const candidate of valid) {
    // The difference in length is a lower bound, and rules out most candidates.
    const limit = tolerance(Math.max(wanted.length, candidate.length));
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    const far = distance(wanted, candidate.toLowerCase());
    if (far <= limit && (best === undefined || far < best.distance)) best = { name: candidate, distance: far };
  }
  return best?.name;
}
