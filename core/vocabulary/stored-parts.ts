import * as z from 'zod';

/**
 * Parts that schemas of stored records share. They check no more than the types: the record was
 * validated before it was stored.
 */
export const text = z.string();
/** Milliseconds since the epoch, or a count. Always finite. */
export const whole = z.number();
/** A measured value. JSON writes infinity as null, and such a record must stay readable. */
export const measured = z.custom<number>((value) => typeof value === 'number' || value === null);
export const texts = z.record(z.string(), z.string());
