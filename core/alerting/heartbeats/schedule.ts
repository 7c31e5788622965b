import { Temporal } from 'temporal-polyfill';
import { endAt, localDate, nextLocalDay } from '../../vocabulary/local-time.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { nextCronAt } from './cron-schedule.ts';

/** When runs begin: by a cron expression in a zone, or `every` so often. */
export type Schedule = { schedule?: string | undefined; every?: number | undefined; timezone: string };

/** The same as one text, which differs where runs are due at other times. */
export const scheduleText = ({ schedule, every, timezone }: Schedule): string =>
  every === undefined ? `${schedule} ${timezone}` : `every ${formatDuration(every)}`;

/**
 * A job's clock may be behind, or its cron early, by this much: what began then counts for the time
 * that follows.
 */
export const earlyMs = 30_000;

/**
 * The run that is due after one that began at `began`; or the first after `since`, if none has.
 * Undefined: a cron expression that is never due again.
 */
export function dueAfter(schedule: Schedule, began: number | undefined, since: number): number | undefined {
  if (schedule.every !== undefined) return Math.max(began ?? since, since) + schedule.every;
  const after = began === undefined ? since : Math.max(began + earlyMs, since);
  return nextCronAt(schedule.schedule ?? '', schedule.timezone, after);
}

/** The run after the one that is due at `due`. */
export const dueNext = (schedule: Schedule, due: number): number | undefined =>
  schedule.every === undefined ? nextCronAt(schedule.schedule ?? '', schedule.timezone, due) : due + schedule.every;

/**
 * When the run that is due at `due` has to be done: at the first such time of day after it. A time
 * that clocks show twice is the later one, and one that they skip is the change.
 */
export function deadlineAfter(deadline: string, zone: string, due: number): number {
  const time = Temporal.PlainTime.from(deadline);
  let day = localDate(due, zone);
  for (;;) {
    const at = endAt(day.toPlainDateTime(time), zone);
    if (at > due) return at;
    day = nextLocalDay(day, zone);
  }
}
