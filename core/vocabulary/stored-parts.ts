import * as z from 'zod';

/** Parts that the schemas of stored records share. They ask for no more than the types do: what was stored was accepted once. */
export const text = z.string();
/** Milliseconds since the epoch, or a count: always finite. */
export const whole = z.number();
/** Something measured. JSON writes a number beyond all bounds as null, and such a record is still to be read. */
export const measured = z.custom<number>((value) => typeof value === 'number' || value === null);
export const texts = z.record(z.string(), z.string());
