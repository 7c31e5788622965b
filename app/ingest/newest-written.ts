/** By source and series: when the newest sample was that counts, milliseconds since the epoch. */
export type NewestWritten = Map<string, Map<string, number>>;

/** As many series are told apart in this process; 100,000 take about 30 MB. */
export const maxWrittenSeries = 100_000;
/** A series that was written this long ago gives its place to a new one. */
const quietAfterMs = 3_600_000;

/**
 * Whether a sample can only be a repeat: a sender writes the samples of one series in the order of
 * their times.
 */
export const isRepeat = (known: ReadonlyMap<string, number> | undefined, key: string, at: number): boolean =>
  at <= (known?.get(key) ?? Number.NEGATIVE_INFINITY);

/** Forgets series that have ended, if there is no room for a new one. */
export function makeRoom(known: Map<string, number>, now: number): void {
  if (known.size < maxWrittenSeries) return;
  for (const [key, at] of known) if (at < now - quietAfterMs) known.delete(key);
}
