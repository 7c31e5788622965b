import { Temporal } from 'temporal-polyfill';
import { endAt, localDate, nextLocalDay, startAt } from '../../vocabulary/local-time.ts';
import { maxTime, parseTimestamp } from '../../vocabulary/timestamp.ts';
import { parseDuration } from '../../vocabulary/units.ts';

/**
 * Reads the beginning and end of a span as people write them: `4h`; `17:00`, its next occurrence in
 * the zone; `2026-01-05T09:00`, local; or a time with an offset. Without `from` it begins now.
 *
 * A local time that clocks skip is the change itself: on a spring day, 02:30 to 03:15 is 03:00 to
 * 03:15. Of two equal ones a beginning is the first, an end the last. Milliseconds since the epoch;
 * an unreadable text is returned.
 */
export function readSpan(
  text: { from?: string | undefined; until: string },
  zone: string,
  now: number,
): { from: number; until: number } | { unread: string } {
  const from = text.from === undefined ? now : timeOf(text.from, zone, now, 'from');
  if (from === undefined) return { unread: text.from ?? '' };
  const until = endOf(text, zone, from);
  return until === undefined ? { unread: text.until } : { from, until };
}

type Edge = 'from' | 'until';
type Clock = { hour: number; minute: number };

function endOf({ from: begin, until }: { from?: string | undefined; until: string }, zone: string, from: number) {
  const [begins, ends] = [clockOf(begin ?? ''), clockOf(until)];
  if (begins === undefined || ends === undefined) return timeOf(until, zone, from, 'until');
  // Both are on the wall of the same day, or of the next one, however often it shows them.
  const day = localDate(from, zone);
  const isSameDay = ends.hour * 60 + ends.minute > begins.hour * 60 + begins.minute;
  return endAt((isSameDay ? day : nextLocalDay(day, zone)).toPlainDateTime(ends), zone);
}

function timeOf(text: string, zone: string, now: number, edge: Edge): number | undefined {
  const duration = parseDuration(text.toLowerCase());
  if (duration !== undefined) return duration > 0 && now + duration <= maxTime ? now + duration : undefined;
  const clock = clockOf(text);
  if (clock !== undefined) return nextTime(clock, zone, now, edge);
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/i.test(text)) return localOf(text.toUpperCase(), zone, edge);
  return /T/i.test(text) ? parseTimestamp(text.toUpperCase()) : undefined;
}

function clockOf(text: string): Clock | undefined {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  const clock = { hour: Number(hour), minute: Number(minute) };
  return clock.hour < 24 && clock.minute < 60 ? clock : undefined;
}

/** The next one may be the second of two equal ones today. */
function nextTime(clock: Clock, zone: string, now: number, edge: Edge): number {
  const today = localDate(now, zone);
  const local = today.toPlainDateTime(clock);
  const next = nextLocalDay(today, zone).toPlainDateTime(clock);
  const atEdge = edge === 'from' ? startAt : endAt;
  return [atEdge(local, zone), endAt(local, zone)].find((at) => at > now) ?? atEdge(next, zone);
}

function localOf(text: string, zone: string, edge: Edge): number | undefined {
  try {
    return (edge === 'from' ? startAt : endAt)(Temporal.PlainDateTime.from(text), zone);
  } catch {
    return undefined;
  }
}
