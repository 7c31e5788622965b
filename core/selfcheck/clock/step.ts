import { formatDuration } from '../../vocabulary/units.ts';

/** What two clocks show at one moment, in milliseconds: the time of day since the epoch, and the time since the machine began. */
export type ClockReading = { at: number; uptime: number };

/** The time of day went from `from` to `to` without time passing. */
export type ClockStep = { from: number; to: number };

/** A clock that is set right by less moves nothing: no deadline is that exact. */
export const smallestStepMs = 10_000;

/**
 * The step between two readings, or undefined where there was none. The time since the machine began also counts while it
 * sleeps, so a lid that was closed is no step: that time has passed, and what became due is due.
 */
export function stepBetween(before: ClockReading, now: ClockReading): ClockStep | undefined {
  const expected = before.at + (now.uptime - before.uptime);
  return Math.abs(now.at - expected) < smallestStepMs ? undefined : { from: Math.round(expected), to: now.at };
}

/**
 * The step between the last reading of another start of the machine and now: how long it was off nobody knows, so only a
 * clock that shows less than before has surely been set.
 */
export function stepBack(lastAt: number, now: number): ClockStep | undefined {
  return now - lastAt > -smallestStepMs ? undefined : { from: lastAt, to: now };
}

/** `back by 1d`, `ahead by 2h 5m` */
export function stepText({ from, to }: ClockStep): string {
  const by = Math.abs(to - from);
  return `${to < from ? 'back' : 'ahead'} by ${formatDuration(by - (by % 1000))}`;
}
