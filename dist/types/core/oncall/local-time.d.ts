import { Temporal } from 'temporal-polyfill';
/**
 * The instant of a local time in a zone, milliseconds since the epoch. A local time that a spring change skips is taken
 * as much later as the gap is long (02:30 becomes 03:30); of one that an autumn change repeats, the first is meant.
 */
export declare function instantOf(local: Temporal.PlainDateTime, zone: string): number;
/** Reads `2026-01-05T09:00`. Throws RangeError for a date or time that no calendar has. */
export declare function localTime(text: string): Temporal.PlainDateTime;
/** The calendar date in a zone at an instant. */
export declare function localDate(at: number, zone: string): Temporal.PlainDate;
