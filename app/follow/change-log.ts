import { type Change, keyOf } from './change.ts';

/** The most changes that are kept. One of the same thing replaces the one before. */
export const mostKept = 1000;

/** Why whoever follows has to ask for everything. A closed set. */
export const resetReasons = ['first', 'too old', 'another process'] as const;
export type ResetReason = (typeof resetReasons)[number];

/** A change and its place in the log. */
export type Placed = { place: number; change: Change };

/** What came after a place; `reset`: that is not known any more, or never was. */
export type After = { changes: Placed[] } | { reset: ResetReason };

/** The last changes of one process, by their place. */
export type ChangeLog = {
  add(changes: Iterable<Change>): void;
  /** The place of the last change; 0 before the first. */
  last(): number;
  after(place: number): After;
  /** A place as an id for a client; as `placeOf` reads it. */
  idOf(place: number): string;
  /** The place that a client names by an id. */
  placeOf(id: string | undefined): { place: number } | { reset: ResetReason };
};

/** `epoch` names the process, and has no hyphen: places of another one mean nothing here. */
export function changeLog(epoch: string): ChangeLog {
  /** Ordered by place. */
  const kept = new Map<string, Placed>();
  let last = 0;
  /** The place of the last change that is no longer kept, and that none has replaced. */
  let dropped = 0;

  return {
    add(changes) {
      for (const change of changes) {
        const key = keyOf(change);
        last += 1;
        kept.delete(key);
        kept.set(key, { place: last, change });
      }
      for (const [key, { place }] of kept) {
        if (kept.size <= mostKept) return;
        kept.delete(key);
        dropped = place;
      }
    },
    last: () => last,
    after(place) {
      if (place < dropped) return { reset: 'too old' };
      if (place === last) return { changes: [] };
      return { changes: [...kept.values()].filter((one) => one.place > place) };
    },
    idOf: (place) => `${epoch}-${place}`,
    placeOf(id) {
      if (id === undefined || id === '') return { reset: 'first' };
      const [, of, digits] = /^([^-]{1,64})-(\d{1,15})$/.exec(id) ?? [];
      const place = Number(digits);
      return of === epoch && place <= last ? { place } : { reset: 'another process' };
    },
  };
}
