import type { Change } from './change.ts';
import { type ChangeLog, changeLog, type ResetReason } from './change-log.ts';
import { gathered } from './gathered.ts';
import { type Telling, tellingsOf } from './told.ts';

/** How often an event tells that the connection and the service are well. */
export const aliveMs = 15_000;
/** Changes that come this soon after others are told together. */
export const gatherMs = 250;
/** Each holds a connection. */
export const mostFollowers = 100;
/** A follower that takes nothing for as many of these events is cut off, and may come back. */
export const mostMissedBeats = 2;
/** Then a follower has to come back, so that it is asked again who it is. */
export const longestBeats = 120;

/** What a follower gets at a time. */
export type Portion = {
  reset?: ResetReason;
  tellings: Telling[];
  /** The place to go on from. */
  place: number;
  /** An event that says so is due. */
  beat: boolean;
};

export type Follower = {
  /** The next portion, when there is one; undefined: it is over. One call at a time. */
  next(): Promise<Portion | undefined>;
  /** Its client is gone. */
  leave(): void;
};

/**
 * Tells those who follow a process what has changed. Keeps nothing for a single follower but its
 * place.
 */
export type Feed = {
  note(changes: Iterable<Change>): void;
  /** Follows from where a client was. `cut` is called when it takes nothing any more. */
  follow(lastEventId: string | undefined, cut: () => void): Follower | 'full' | 'closed';
  idOf: ChangeLog['idOf'];
  /** When rules were last evaluated by this process. */
  judgedAt(): number | undefined;
  /** Call every `aliveMs`. */
  beat(): void;
  followers(): number;
  /** Ends all connections; nobody may follow any more. */
  close(): void;
};

type State = {
  place: number;
  reset: ResetReason | undefined;
  beat: boolean;
  beats: number;
  /** Such events since it last took something. */
  missed: number;
  isOver: boolean;
  /** Set while it waits. */
  wake: (() => void) | undefined;
  cut: () => void;
};

/** `later` runs work after a while; it need not, once the process ends. */
export function feedOf({ epoch, later }: { epoch: string; later: (ms: number, work: () => void) => void }): Feed {
  const log = changeLog(epoch);
  const waiting = gathered();
  const followers = new Set<State>();
  let judgedAt: number | undefined;
  let isResting = false;
  let isClosed = false;

  function tell(): void {
    const changes = waiting.take();
    if (changes.length === 0) return;
    log.add(changes);
    for (const { wake } of followers) wake?.();
    isResting = true;
    later(gatherMs, () => {
      isResting = false;
      tell();
    });
  }

  function end(state: State): void {
    state.isOver = true;
    followers.delete(state);
    state.wake?.();
  }

  /** Undefined while there is nothing to say. */
  function portionOf(state: State): Portion | undefined {
    const { beat } = state;
    let { reset } = state;
    const after = reset === undefined ? log.after(state.place) : { changes: [] };
    if ('reset' in after) reset = after.reset;
    const tellings = 'changes' in after ? tellingsOf(after.changes) : [];
    if (reset === undefined && tellings.length === 0 && !beat) return undefined;
    Object.assign(state, { place: log.last(), reset: undefined, beat: false });
    return { ...(reset === undefined ? {} : { reset }), tellings, place: state.place, beat };
  }

  async function next(state: State): Promise<Portion | undefined> {
    state.missed = 0;
    for (;;) {
      if (state.isOver) return undefined;
      const portion = portionOf(state);
      if (portion !== undefined) return portion;
      await new Promise<void>((resolve) => {
        state.wake = resolve;
      });
      state.wake = undefined;
    }
  }

  return {
    note(changes) {
      for (const change of changes) {
        if ('at' in change) judgedAt = Math.max(judgedAt ?? change.at, change.at);
        waiting.add(change);
      }
      if (!isResting) tell();
    },
    follow(lastEventId, cut) {
      if (isClosed) return 'closed';
      if (followers.size >= mostFollowers) return 'full';
      const from = log.placeOf(lastEventId);
      const [place, reset] = 'place' in from ? [from.place, undefined] : [log.last(), from.reset];
      const state: State = { place, reset, beat: true, beats: 0, missed: 0, isOver: false, wake: undefined, cut };
      followers.add(state);
      return { next: () => next(state), leave: () => end(state) };
    },
    idOf: log.idOf,
    judgedAt: () => judgedAt,
    beat() {
      for (const state of followers) {
        state.beats += 1;
        if (state.beats > longestBeats) end(state);
        else if (state.wake !== undefined || state.missed < mostMissedBeats) {
          if (state.wake === undefined) state.missed += 1;
          state.beat = true;
          state.wake?.();
        } else {
          end(state);
          state.cut();
        }
      }
    },
    followers: () => followers.size,
    close() {
      isClosed = true;
      for (const state of followers) end(state);
    },
  };
}
