import * as z from 'zod';
import { moved } from './plan.ts';
import type { ClockStep } from './step.ts';

const withAt = z.looseObject({ at: z.number() });
const vitals = z.looseObject({ at: z.number(), oldestEffect: z.looseObject({ dueSince: z.number() }).optional() });
const synthetic = z.looseObject({
  startedAt: z.number(),
  outcome: z.looseObject({ at: z.number() }).optional(),
});
const ticks = z.record(z.string(), z.number());
const troubles = z.looseObject({ at: z.number(), rules: z.array(z.looseObject({ since: z.number() })) });
const time = z.number();
const since = z.array(z.looseObject({ since: z.number() }));

/** Small facts of the runtime that hold times, by their keys: how each reads after a step of the clock. */
const notes: Readonly<Record<string, (value: unknown, step: ClockStep) => unknown>> = {
  'tick note': (value, step) => movedAt(withAt.parse(value), step),
  audit: (value, step) => movedAt(withAt.parse(value), step),
  vitals(value, step) {
    const { oldestEffect, ...rest } = vitals.parse(value);
    const oldest = oldestEffect && { oldestEffect: { ...oldestEffect, dueSince: moved(oldestEffect.dueSince, step) } };
    return { ...movedAt(rest, step), ...oldest };
  },
  synthetic(value, step) {
    const { startedAt, outcome, ...rest } = synthetic.parse(value);
    return { ...rest, startedAt: moved(startedAt, step), ...(outcome && { outcome: movedAt(outcome, step) }) };
  },
  // What each source was last judged at: else every rule would be judged anew.
  tick: (value, step) => {
    const one = z.union([time, ticks]).parse(value);
    if (typeof one === 'number') return moved(one, step);
    return Object.fromEntries(Object.entries(one).map(([source, at]) => [source, moved(at, step)]));
  },
  undecided: (value, step) => since.parse(value).map((one) => ({ ...one, since: moved(one.since, step) })),
  'rule troubles': (value, step) => {
    const { rules, ...rest } = troubles.parse(value);
    return { ...movedAt(rest, step), rules: rules.map((one) => ({ ...one, since: moved(one.since, step) })) };
  },
  'dead-mans ping': (value, step) => moved(time.parse(value), step),
};

const movedAt = <T extends { at: number }>(value: T, step: ClockStep): T => ({ ...value, at: moved(value.at, step) });

export const notesWithTimes: readonly string[] = Object.keys(notes);

/** The note after the step; undefined where it is to stay as it is, also when it cannot be read. */
export function rebasedNote(key: string, text: string, step: ClockStep): string | undefined {
  try {
    const next = notes[key]?.(JSON.parse(text), step);
    return next === undefined ? undefined : JSON.stringify(next);
  } catch {
    return undefined;
  }
}
