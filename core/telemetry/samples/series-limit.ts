import type { Labels } from '../../vocabulary/schema-parts.ts';

/** What decides who is judged where a rule matches more series than it may judge. */
export type Standing = {
  /** Its alert is pending, fires or recovers. */
  alerted: boolean;
  /** Grows with the time at which it was first seen; undefined where nobody knows. Only for comparing. */
  arrival: number | undefined;
  /** It has sent nothing for so long that its place goes to one that sends. */
  quiet: boolean;
};

/** Series that a rule matches and does not judge. */
export type CutSeries = {
  count: number;
  /** A few of them, those that came first. */
  examples: Labels[];
  /** Who brought those, as far as it is known. */
  senders: string[];
};

export const maxExamples = 3;

/**
 * Whom a rule judges of more series than `max`: those with an alert, all of them; then those that send, the oldest first; then those that
 * have gone quiet. So whoever adds series takes no place from one that was there before and still sends.
 */
export function withinLimit<T>(
  series: readonly T[],
  max: number,
  standingOf: (one: T) => Standing & { key: string },
): { judged: T[]; cut: T[] } {
  const ranked = series.map((one) => ({ one, ...standingOf(one) })).sort(byStanding);
  const alerted = ranked.findIndex((one) => !one.alerted);
  const end = Math.max(max, alerted < 0 ? ranked.length : alerted);
  return { judged: ranked.slice(0, end).map(({ one }) => one), cut: ranked.slice(end).map(({ one }) => one) };
}

const unknown = Number.POSITIVE_INFINITY;

function byStanding(a: Standing & { key: string }, b: Standing & { key: string }): number {
  if (a.alerted !== b.alerted) return a.alerted ? -1 : 1;
  if (a.quiet !== b.quiet) return a.quiet ? 1 : -1;
  const [x, y] = [a.arrival ?? unknown, b.arrival ?? unknown];
  if (x !== y) return x < y ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
