/** A source that has not answered by then has failed, and so have the rules that wait for it. */
export const sourceTimeoutMs = 25_000;
/** A request that has had no answer for this long is taken for lost, and its source is asked anew. */
const lostAfterMs = 300_000;

/**
 * Sources that this process is asking, so that one which hangs does not gather requests that hang. A turn lasts from the question
 * until what it found is committed; one that was given up, until the source has let go of it, or it is taken for lost.
 */
export type InFlightQueries = {
  /** Since when a source has been asked without an end; undefined where it may be asked. */
  since(source: string, now: number): number | undefined;
  begin(source: string, now: number): Turn;
  /** Whether a source may be waited for by others: not where it took longer than they could wait the last time. */
  isPrompt(source: string): boolean;
  notePrompt(source: string, prompt: boolean): void;
};

export type Turn = {
  /** The turn cannot end before this has. */
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
      // A clock that was set back must not make a question that hangs look like one of the future.
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
        // Another question may have taken the place of one that was lost.
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
