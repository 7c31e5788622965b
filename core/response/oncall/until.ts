import { Temporal } from 'temporal-polyfill';
import { instantOf } from '../../vocabulary/local-time.ts';
import { maxTime, parseTimestamp } from '../../vocabulary/timestamp.ts';
import { parseDuration } from '../../vocabulary/units.ts';

/**
 * Reads an end time as people write it: `4h`; `17:00`, its next occurrence in the zone;
 * `2026-01-05T09:00`, local; or a time with an offset. Milliseconds since the epoch; undefined for
 * anything else.
 */
export function untilOf(text: string, zone: string, now: number): number | undefined {
  const duration = parseDuration(text.toLowerCase());
  if (duration !== undefined) return duration > 0 && now + duration <= maxTime ? now + duration : undefined;
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (clock !== null) return nextTime(Number(clock[1]), Number(clock[2]), zone, now);
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/i.test(text)) return localOf(text.toUpperCase(), zone);
  return /T/i.test(text) ? parseTimestamp(text.toUpperCase()) : undefined;
}

function nextTime(hour: number, minute: number, zone: string, now: number): number | undefined {
  if (hour > 23 || minute > 59) return undefined;
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(now)).toZonedDateTimeISO(zone).toPlainDate();
  const at = (days: number): number => instantOf(today.add({ days }).toPlainDateTime({ hour, minute }), zone);
  return at(0) > now ? at(0) : at(1);
}

function localOf(text: string, zone: string): number | undefined {
  try {
    return instantOf(Temporal.PlainDateTime.from(text), zone);
  } catch {
    return undefined;
  }
}
