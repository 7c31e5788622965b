import * as z from 'zod';

/** Every time in the API: RFC 3339 in UTC with milliseconds, such as `2026-01-05T09:01:00.000Z`. */
export const timeSchema = z.iso.datetime().meta({ id: 'Time', description: 'A time, RFC 3339 in UTC.' });

/** From milliseconds since the epoch. */
export const timeOf = (ms: number): string => new Date(ms).toISOString();

/** JSON omits undefined values. */
export const timeIfAny = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : timeOf(ms));

/** To milliseconds since the epoch. */
export const msOf = (time: string): number => Date.parse(time);
