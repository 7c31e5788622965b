import * as z from 'zod';

/** Where a list goes on. */
export const nextSchema = z
  .string()
  .optional()
  .describe('There may be more: ask for them with this as `cursor`. What arrives meanwhile moves nothing.');
