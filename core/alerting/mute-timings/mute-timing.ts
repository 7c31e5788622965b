import { Temporal } from 'temporal-polyfill';
import { instantOf, localDate } from '../../vocabulary/local-time.ts';
import type { MuteTiming } from './mute-timing-schema.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const weekMs = 7 * 86_400_000;

/**
 * Whether a recurring mute timing is active, and until when; `until` is absent if it does not end
 * within a week. Windows are local times. A window belongs to the day it starts on: `fri
 * 22:00-06:00` ends on Saturday. If start and end are equal, it lasts until that time the next day.
 */
export function inMuteTiming(timing: MuteTiming, at: number): { active: boolean; until?: number } {
  let until = windowEnd(timing, at);
  if (until === undefined) return { active: false };
  // Touching or overlapping windows are one span to people.
  for (let next = windowEnd(timing, until); next !== undefined; next = windowEnd(timing, until)) {
    until = next;
    if (until - at > weekMs) return { active: true };
  }
  return { active: true, until };
}

/** The latest end among the windows that cover the instant. */
function windowEnd(timing: MuteTiming, at: number): number | undefined {
  const today = localDate(at, timing.timezone);
  let end: number | undefined;
  for (const date of [today.subtract({ days: 1 }), today]) {
    const weekday = weekdays[date.dayOfWeek - 1];
    for (const window of timing.windows) {
      if (weekday === undefined || !window.days.includes(weekday)) continue;
      const local = (day: Temporal.PlainDate, time: string): number =>
        instantOf(day.toPlainDateTime(Temporal.PlainTime.from(time)), timing.timezone);
      const from = local(date, window.from);
      const to = local(window.to <= window.from ? date.add({ days: 1 }) : date, window.to);
      if (from <= at && at < to && (end === undefined || to > end)) end = to;
    }
  }
  return end;
}
