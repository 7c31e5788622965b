import * as z from 'zod';

/** What every ingest answer says of what was refused. */
export const rejected = {
  rejected: z.int().min(0).describe('How many were refused.'),
  rejections: z
    .array(z.object({ index: z.int().min(0).describe('Its place in what was sent, from 0.'), reason: z.string() }))
    .max(100)
    .describe('The first 100 of them. Correct these and send them alone, under a new `Idempotency-Key`.'),
};

export const accepted = z.int().min(0).describe('How many were taken.');
