/** After this long a source has failed, and so have the rules waiting for it. */
export const sourceTimeoutMs = 25_000;
/**
 * A request without an answer for this long counts as lost, and its source may be queried again.
 */
const lostAfterMs = 300_000;

/**
 * Sources this process is querying, so that hanging requests do not pile up. A turn lasts from the
 * query until its results are committed; an abandoned one until the source finishes, or counts as
 * lost.
 */
export type InFlightQueries = {
  /** Since when a query is running; undefined if the source may be queried. */
  since(source: string, now: number): number | undefined;
  begin(source: string, now: number): Turn;
  /** Whether others may wait for this source: not if it was too slow last time. */
  isPrompt(source: string): boolean;
  notePrompt(source: string, prompt: boolean): void;
};

export type Turn = {
  /** The turn cannot end before this. */
  holds(work: Promise<unknown>): void;
  end(): void;
};

export function inFlightQueries(): InFlightQueries {
  const asked = new Map<string, { since: number; open: number }>();
  const slow = new Set<string>();
  return {
    since(source, now) {
      const one = asked.get(source);
      if (one === undefined) return undefined;
      // A clock set back must not move a hanging query into the future.
      one.since = Math.min(one.since, now);
      if (now - one.since < lostAfterMs) return one.since;
      asked.delete(source);
      return undefined;
    },
    begin(source, now) {
      const one = { since: now, open: 1 };
      asked.set(source, one);
      const close = (): void => {
        one.open -= 1;
        // A lost query may have been replaced by another.
        if (one.open === 0 && asked.get(source) === one) asked.delete(source);
      };
      return {
        holds(work) {
          one.open += 1;
          work.then(close, close);
        },
        end: close,
      };
    },
    isPrompt: (source) => !slow.has(source),
    notePrompt(source, prompt) {
      if (prompt) slow.delete(source);
      else slow.add(source);
    },
  };
}
