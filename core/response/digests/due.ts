import { weekdays } from '../../alerting/mute-timings/mute-timing-schema.ts';
import { handOffAt, localDate, localTime } from '../../vocabulary/local-time.ts';
import type { DigestConfig } from './digest-schema.ts';

/**
 * When a digest was due last, at `now` at the latest; milliseconds since the epoch. A time that
 * clocks skip moves forward by the gap, and of two equal ones the first counts.
 */
export function lastDueAt({ every, on = 'mon', at, timezone }: Omit<DigestConfig, 'tell'>, now: number): number {
  // Tomorrow's local time may already be over where a zone skipped a day.
  for (let day = localDate(now, timezone).add({ days: 1 }); ; day = day.subtract({ days: 1 })) {
    if (every === 'week' && weekdays[day.dayOfWeek - 1] !== on) continue;
    const due = handOffAt(localTime(`${day.toString()}T${at}`), timezone);
    if (due <= now) return due;
  }
}
