import type { StoredNote } from '../../vocabulary/stored-record.ts';
import { syntheticNote } from '../synthetic/stored-run.ts';
import { pingNote, ticksNote, troublesNote, undecidedNote } from '../vitals/stored-rules.ts';
import { consistencyNote, tickNote, vitalsNote } from '../vitals/stored-vitals.ts';
import { moved } from './plan.ts';
import type { ClockStep } from './step.ts';

type Rebase = (text: string, step: ClockStep) => string | undefined;

/** Runtime notes that hold times, by key, with their value after a clock step. */
const notes = new Map<string, Rebase>([
  rebased(tickNote, movedAt),
  rebased(consistencyNote, movedAt),
  rebased(vitalsNote, ({ oldestEffect, ...rest }, step) => {
    const oldest = oldestEffect && { oldestEffect: { ...oldestEffect, dueSince: moved(oldestEffect.dueSince, step) } };
    return { ...movedAt(rest, step), ...oldest };
  }),
  rebased(syntheticNote, ({ startedAt, outcome, ...rest }, step) => ({
    ...rest,
    startedAt: moved(startedAt, step),
    ...(outcome && { outcome: movedAt(outcome, step) }),
  })),
  // The last judged time of each source; without this, every rule would be judged again.
  rebased(ticksNote, ({ sources }, step) => ({
    sources: Object.fromEntries(Object.entries(sources).map(([source, at]) => [source, moved(at, step)])),
  })),
  rebased(undecidedNote, ({ rules }, step) => ({ rules: rules.map((one) => ({ ...one, since: moved(one.since, step) })) })),
  rebased(troublesNote, ({ rules, ...rest }, step) => ({
    ...movedAt(rest, step),
    rules: rules.map((one) => ({ ...one, since: moved(one.since, step) })),
  })),
  rebased(pingNote, movedAt),
]);

function rebased<T>(note: StoredNote<T>, next: (value: T, step: ClockStep) => T): [string, Rebase] {
  const rebase: Rebase = (text, step) => {
    const decoded = note.decode(text);
    return decoded.ok ? note.encode(next(decoded.value, step)) : undefined;
  };
  return [note.key, rebase];
}

function movedAt<T extends { at: number }>(value: T, step: ClockStep): T {
  return { ...value, at: moved(value.at, step) };
}

export const notesWithTimes: readonly string[] = [...notes.keys()];

/** The note after the step; undefined if it stays as it is, also if it cannot be read. */
export const rebasedNote = (key: string, text: string, step: ClockStep): string | undefined => notes.get(key)?.(text, step);
