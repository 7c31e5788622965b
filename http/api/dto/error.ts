import * as z from 'zod';

/** The body of every refusal, for ingest and API. */
export const errorSchema = z
  .object({ error: z.string().describe('What was wrong, what was received, and what to do, for a person.') })
  .meta({ id: 'Error' });
