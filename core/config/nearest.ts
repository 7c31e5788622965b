import { distance } from 'fastest-levenshtein';

/** The valid name that was probably meant: at most a third of its letters differ, case aside. */
export function nearest(name: string, valid: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const candidate of valid) {
    // A name can only be as near as its length; most candidates need no more than this.
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    const far = distance(wanted, candidate.toLowerCase());
    if (far <= limit && (best === undefined || far < best.distance)) best = { name: candidate, distance: far };
  }
  return best?.name;
}
