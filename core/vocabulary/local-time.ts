import { Temporal } from 'temporal-polyfill';

/**
 * The instant of a local time in a zone, milliseconds since the epoch. A time that a spring change
 * skips moves forward by the gap (02:30 becomes 03:30). For a time that an autumn change repeats,
 * the first one counts.
 */
export function instantOf(local: Temporal.PlainDateTime, zone: string): number {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
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
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
}
