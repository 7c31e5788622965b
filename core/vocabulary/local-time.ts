import { Temporal } from 'temporal-polyfill';
import { offsetSpanAt } from './wall-clock.ts';

/**
 * When people hand over who are due to at a local time in a zone, milliseconds since the epoch. A
 * time that clocks skip moves forward by the gap (02:30 becomes 03:30), and of two equal ones the
 * first counts, as in an iCalendar feed (RFC 5545, 3.3.5).
 */
export function handOffAt(local: Temporal.PlainDateTime, zone: string): number {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/**
 * When something begins that is written to begin at a local time in a zone, milliseconds since the
 * epoch. A time that clocks skip is the change itself, and of two equal ones the first counts.
 */
export function startAt(local: Temporal.PlainDateTime, zone: string): number {
  return boundaryAt(local, zone, 'earlier');
}

/** The same for an end: of two equal times the last counts. */
export function endAt(local: Temporal.PlainDateTime, zone: string): number {
  return boundaryAt(local, zone, 'later');
}

function boundaryAt(local: Temporal.PlainDateTime, zone: string, disambiguation: 'earlier' | 'later'): number {
  const boundary = local.toZonedDateTime(zone, { disambiguation });
  if (boundary.toPlainDateTime().equals(local)) return boundary.epochMilliseconds;
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  return offsetSpanAt(zone, earlier.epochMilliseconds).to;
}

/** Reads `2026-01-05T09:00`. Throws RangeError for a date or time that does not exist. */
export function localTime(text: string): Temporal.PlainDateTime {
  try {
    return Temporal.PlainDateTime.from(text);
  } catch (cause) {
    throw new RangeError(`expected a local date and time such as 2026-01-05T09:00; received ${text}`, { cause });
  }
}

/** The calendar date in a zone at an instant. */
export function localDate(at: number, zone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone).toPlainDate();
}

/** The next day that a zone has. Samoa went from the 29th to the 31st of December 2011. */
export function nextLocalDay(day: Temporal.PlainDate, zone: string): Temporal.PlainDate {
  const next = day.add({ days: 1 });
  const hasIt = startAt(next.toPlainDateTime(), zone) < startAt(next.add({ days: 1 }).toPlainDateTime(), zone);
  return hasIt ? next : next.add({ days: 1 });
}
