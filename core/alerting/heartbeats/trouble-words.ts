import { formatPercent, formatUtc } from '../../vocabulary/format.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { wallDay, wallTime } from '../../vocabulary/wall-clock.ts';
import type { Forecast, HeartbeatTrouble, LateFor } from './trouble.ts';

const minuteMs = 60_000;

/** Rounded up to whole minutes: for people who are paged. */
const minutes = (ms: number): string => formatDuration(Math.max(minuteMs, Math.ceil(ms / minuteMs) * minuteMs));

/** `03:10` of today in the job's zone; `2026-01-05 03:10` of another day. */
export function clockText(at: number, zone: string, now: number): string {
  const wall = wallTime(zone, at);
  const text = formatUtc(Math.floor(wall / minuteMs) * minuteMs).replace(' UTC', '');
  return wallDay(wall) === wallDay(wallTime(zone, now)) ? text.slice(-5) : text;
}

/** The same with its zone, for the first time of a sentence: beside it are others in UTC. */
export const zonedText = (at: number, zone: string, now: number): string =>
  `${clockText(at, zone, now)}${zone === 'UTC' ? '' : ` ${zone}`}`;

const lateText = {
  'any report': 'has never reported',
  'a start': 'has not begun',
  'a success': 'has reported no success',
} as const satisfies Record<LateFor, string>;

/** Why a heartbeat is in trouble, as a sentence that begins with its name. */
export function troubleText(name: string, trouble: HeartbeatTrouble, zone: string, now: number): string {
  const clock = (at: number): string => clockText(at, zone, now);
  const zoned = (at: number): string => zonedText(at, zone, now);
  const deaf = (until: number | undefined): string =>
    until === undefined ? '' : `; Tocsin did not listen before ${clock(until)}, so its report may be lost`;
  switch (trouble.kind) {
    case 'late': {
      const { dueAt, lacks, lastAt, deafUntil } = trouble;
      const last = lastAt === undefined ? '' : `; its last report came at ${clock(lastAt)}`;
      return `${name} was due at ${zoned(dueAt)} and ${lateText[lacks]}${last}${deaf(deafUntil)}`;
    }
    case 'failed': {
      const { since, exitCode, lastLine } = trouble;
      const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
      return `${name} failed at ${zoned(since)}${code}${lastLine === undefined ? '' : `: ${lastLine}`}`;
    }
    case 'not done':
      return `${name} was due at ${zoned(trouble.dueAt)} and has not succeeded, though its next run was due at ${clock(trouble.nextDueAt)}${deaf(trouble.deafUntil)}`;
    case 'too long':
      return `${name} has been running since ${zoned(trouble.startedAt)}; its limit is ${formatDuration(trouble.maxMs)}`;
    case 'stuck':
      return `${name} is at ${formatPercent(trouble.done)} and has made no progress since ${zoned(trouble.movedAt)}`;
    case 'deadline at risk': {
      const { deadlineAt, forecast } = trouble;
      const after = `${minutes(forecast.endsAt - deadlineAt)} after its deadline ${clock(deadlineAt)}`;
      const before = `close to its deadline ${clock(deadlineAt)}`;
      return `${forecastText(name, forecast, zone, now)}, ${forecast.endsAt > deadlineAt ? after : before}`;
    }
    case 'deadline passed': {
      const { deadlineAt, startedAt, done, deafUntil } = trouble;
      const at = done === undefined ? '' : `is at ${formatPercent(done)} and `;
      const runs = startedAt === undefined ? '; no run is under way' : `; it has been running since ${clock(startedAt)}`;
      return `${name} ${at}was not done by its deadline ${zoned(deadlineAt)}${runs}${deaf(deafUntil)}`;
    }
  }
}

/** `features is at 40%, running since 03:10; at this rate it ends at 06:50` */
export function forecastText(name: string, { endsAt, from }: Forecast, zone: string, now: number): string {
  const clock = (at: number): string => clockText(at, zone, now);
  const zoned = (at: number): string => zonedText(at, zone, now);
  switch (from.by) {
    case 'progress':
      return `${name} is at ${formatPercent(from.done)}, running since ${zoned(from.startedAt)}; at this rate it ends at ${clock(endsAt)}`;
    case 'earlier runs': {
      const { runs, tookMs, startedAt } = from;
      const [begun, ends] =
        startedAt === undefined
          ? ['has not begun', zoned(endsAt)]
          : [`has been running since ${zoned(startedAt)}`, clock(endsAt)];
      return `${name} ${begun}; 9 of 10 of its last ${runs} runs took ${minutes(tookMs)} or less, so it ends at about ${ends}`;
    }
  }
}
