import * as z from 'zod';

/** The body of every refusal, for ingest and API. */
export const errorSchema = z
  .object({
    error: z.string().describe('What was wrong, what was received, and what to do, for a person.'),
    faults: z
      .array(z.object({ path: z.string().describe('The field, such as `match`.'), text: z.string() }))
      .optional()
      .describe('The same by field, for a form, where a body could be read but not its fields; five at most.'),
  })
  .meta({ id: 'Error' });

/** The body of a refusal for want of a session or password. */
export const notSignedInSchema = z
  .object({
    error: z.string().describe('What was missing, for a person.'),
    signIn: z.string().describe('The path at which a person signs in. It takes `?to=` with the path to come back to.'),
  })
  .meta({ id: 'NotSignedInError' });
