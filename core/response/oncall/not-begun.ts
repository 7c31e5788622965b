import { handOffAt, localTime } from '../../vocabulary/local-time.ts';
import { onCall } from './schedule.ts';
import type { Schedule } from './schedule-schema.ts';

/**
 * A line for each schedule whose first hand-over is in the future. Until then the rotation counts
 * backwards from there, which pages somebody who may not expect it.
 */
export const notBegun = (schedules: Record<string, Schedule>, now: number): string[] =>
  Object.entries(schedules)
    .filter(([, { start, timezone }]) => handOffAt(localTime(start), timezone) > now)
    .map(
      ([name, schedule]) =>
        `the schedule ${name} begins on ${schedule.start.replace('T', ' ')} (${schedule.timezone}); until then its rotation counts backwards from there, and ${onCall(schedule, now).responder} is on call now`,
    );
