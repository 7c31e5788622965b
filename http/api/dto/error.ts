import * as z from 'zod';

/** What every refusal answers, from ingest to the API. */
export const errorSchema = z
  .object({ error: z.string().describe('What was wrong, what was received, and what to do, for a person.') })
  .meta({ id: 'Error' });
