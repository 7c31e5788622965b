import { minuteOfDay, offsetSpanAt, type WallTime, wallDay, wallTime, weekdayOf } from '../../vocabulary/wall-clock.ts';
import { type MuteTiming, weekdays } from './mute-timing-schema.ts';

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/**
 * Whether a recurring mute timing is active. The clock on the wall decides, minute by minute, as in
 * Alertmanager: an hour that clocks skip is never muted, one that they show twice is muted twice. A
 * window belongs to the day it starts on: `fri 22:00-06:00` ends on Saturday. If start and end are
 * equal, it lasts until that time the next day.
 */
export function isMutedBy(timing: MuteTiming, at: number): boolean {
  return shows(timing, wallTime(timing.timezone, at));
}

/**
 * When a mute timing that is active ends; undefined if it is not active, or does not end within a
 * week. Windows that touch or overlap are one span to people.
 */
export function muteEnd(timing: MuteTiming, at: number): number | undefined {
  let end = at;
  while (isMutedBy(timing, end)) {
    end = nextBoundary(timing, end);
    if (end - at > weekMs) return undefined;
  }
  return end === at ? undefined : end;
}

/** When a mute timing that is not active begins; undefined if it does not until `to`. */
export function muteStart(timing: MuteTiming, at: number, to: number): number | undefined {
  let begin = at;
  while (begin < to) {
    if (isMutedBy(timing, begin)) return begin === at ? undefined : begin;
    begin = nextBoundary(timing, begin);
  }
  return undefined;
}

function shows({ windows }: MuteTiming, wall: WallTime): boolean {
  const minute = minuteOfDay(wall);
  const today = weekdays[weekdayOf(wallDay(wall))] as MuteTiming['windows'][number]['days'][number];
  const yesterday = weekdays[weekdayOf(wallDay(wall) - 1)] as typeof today;
  return windows.some(({ days, from, to }) => {
    const [begins, ends] = [minutesOf(from), minutesOf(to)];
    if (begins < ends) return days.includes(today) && begins <= minute && minute < ends;
    return (days.includes(today) && begins <= minute) || (days.includes(yesterday) && minute < ends);
  });
}

/** The next time at which anything can change: a window's start or end, midnight, or the clocks. */
function nextBoundary({ windows, timezone }: MuteTiming, at: number): number {
  const { offset, to } = offsetSpanAt(timezone, at);
  const midnight = wallDay(at + offset) * dayMs;
  const minutes = windows.flatMap((window) => [minutesOf(window.from), minutesOf(window.to)]);
  const times = [...minutes.map((minute) => midnight + minute * 60_000), midnight + dayMs].map((wall) => wall - offset);
  return Math.min(to, ...times.filter((time) => time > at));
}

/** `22:30` as minutes since midnight. */
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
