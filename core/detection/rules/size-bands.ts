import * as z from 'zod';

export const aBound = (bands: { warn?: number | undefined; critical?: number | undefined }): boolean =>
  bands.warn !== undefined || bands.critical !== undefined;

export const noBound = { error: 'expected a bound for warn, critical or both' };

/** Bands for a size: of a change, or of a silence. At least one; warn below critical. */
export const sizeBands = (size: z.ZodType<number>, what: string) =>
  z
    .strictObject({
      warn: size.optional().describe(`Warn from ${what}.`),
      critical: size.optional().describe(`Critical from ${what}.`),
    })
    .refine(aBound, noBound)
    .refine((b) => b.warn === undefined || b.critical === undefined || b.warn < b.critical, {
      error: 'expected warn to be smaller than critical',
      path: ['critical'],
    });
