import * as z from 'zod';
import { positiveDuration } from '../../../core/vocabulary/units.ts';
import { actorSchema } from '../actor.ts';
import { timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

export const linkRequestSchema = z
  .strictObject({
    actor: actorSchema,
    for: positiveDuration.describe('How long it opens the incident, such as `24h`; at most 30d.'),
  })
  .meta({ id: 'LinkRequest' });

export const linkMadeSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    message: z.string().describe('What was done, for people.'),
    url: z.string().describe('Whoever has it may look at the incident, and at nothing else. It is shown this once.'),
    until: timeSchema.meta({ description: 'When it opens nothing any more.' }),
  })
  .meta({ id: 'LinkMade' });

export type LinkMadeDto = z.infer<typeof linkMadeSchema>;
