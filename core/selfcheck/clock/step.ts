import { formatDuration } from '../../vocabulary/units.ts';

/** Two clocks at one moment, in milliseconds: wall time since the epoch, and time since boot. */
export type ClockReading = { at: number; uptime: number };

/** Wall time jumped from `from` to `to`. */
export type ClockStep = { from: number; to: number };

/** Smaller corrections move nothing: no deadline is that exact. */
export const smallestStepMs = 10_000;

/**
 * The step between two readings, or undefined. Time since boot includes sleep, so a closed laptop
 * lid is not a step: that time really passed, and what became due is due.
 */
export function stepBetween(before: ClockReading, now: ClockReading): ClockStep | undefined {
  const expected = before.at + (now.uptime - before.uptime);
  return Math.abs(now.at - expected) < smallestStepMs ? undefined : { from: Math.round(expected), to: now.at };
}

/**
 * The step since the last reading before a reboot. The time spent off is unknown, so only a clock
 * that went backwards has certainly been set.
 */
export function stepBack(lastAt: number, now: number): ClockStep | undefined {
  return now - lastAt > -smallestStepMs ? undefined : { from: lastAt, to: now };
}

/** `back by 1d`, `ahead by 2h 5m` */
export function stepText({ from, to }: ClockStep): string {
  const by = Math.abs(to - from);
  return `${to < from ? 'back' : 'ahead'} by ${formatDuration(by - (by % 1000))}`;
}
