import type { Labels } from '../../vocabulary/schema-parts.ts';

/** What decides which series are judged if a rule matches too many. */
export type Standing = {
  /** Its alert is pending, firing or recovering. */
  alerted: boolean;
  /** Grows with the time it was first seen; undefined if unknown. Only for comparing. */
  arrival: number | undefined;
  /** Silent for so long that its slot goes to a series that sends. */
  quiet: boolean;
};

/** Series that a rule matches but does not judge. */
export type CutSeries = {
  count: number;
  /** A few of them, the oldest ones. */
  examples: Labels[];
  /** Their senders, if known. */
  senders: string[];
};

export const maxExamples = 3;

/**
 * The series to judge when a rule matches more than `max`: all with an alert; then active ones,
 * oldest first; then quiet ones. So new series never displace an older one that still sends.
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
