import type { Took } from './take.ts';

/** Reasons that are listed; others are counted. */
const mostReasons = 5;

export const refusedPoints = ({ refused }: Pick<Took, 'refused'>): number =>
  [...refused.values()].reduce((sum, count) => sum + count, 0);

/** Why points do not count, the most frequent reasons first; empty if all count. */
export function refusedText({ refused }: Pick<Took, 'refused'>): string {
  const reasons = [...refused].sort(([, a], [, b]) => b - a);
  const listed = reasons.slice(0, mostReasons).map(([why, count]) => `${count}: ${why}`);
  if (reasons.length > mostReasons) listed.push(`and ${reasons.length - mostReasons} other reasons`);
  return listed.join('; ');
}
