import type { ClockStep } from './step.ts';

/**
 * What a clock step does to a number. `moves`: a time that something waits for or counts from;
 * keeps its distance from now. `happened`: a time for people to read; changes only if it would lie
 * in the future.
 */
type Fate<V> = 'stays' | (V extends number ? 'moves' | 'happened' : never) | ((value: V, step: ClockStep) => V);

/** The fate of every field of a record. Forgetting one is a compile error. */
export type Plan<T> = { readonly [K in keyof Required<T>]: Fate<NonNullable<T[K]>> };

export const moved = (at: number, { from, to }: ClockStep): number => at + (to - from);

export const happened = (at: number, step: ClockStep): number => (at > step.to ? Math.min(moved(at, step), step.to) : at);

/** The record after the step; the same object if nothing changes. */
export function rebased<T extends object>(plan: Plan<T>, record: T, step: ClockStep): T {
  const next: Partial<T> = {};
  let changed = false;
  for (const key of Object.keys(record) as (keyof T)[]) {
    const value = record[key];
    next[key] = value;
    const fate = plan[key] as Fate<unknown> | undefined;
    if (value === undefined || value === null || fate === undefined || fate === 'stays') continue;
    next[key] = afterStep(fate, value, step) as T[keyof T];
    changed ||= next[key] !== value;
  }
  return changed ? (next as T) : record;
}

function afterStep(fate: Fate<unknown> | 'moves' | 'happened', value: unknown, step: ClockStep): unknown {
  if (typeof fate === 'function') return fate(value, step);
  if (fate === 'stays') return value;
  return fate === 'happened' ? happened(value as number, step) : moved(value as number, step);
}

/** Applies one plan to each record of a list. */
export const eachBy =
  <T extends object>(plan: Plan<T>) =>
  (all: T[], step: ClockStep): T[] =>
    all.map((one) => rebased(plan, one, step));

/** Applies a plan to a nested record. */
export const by =
  <T extends object>(plan: Plan<T>) =>
  (one: T, step: ClockStep): T =>
    rebased(plan, one, step);
