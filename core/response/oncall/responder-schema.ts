import * as z from 'zod';
import { roles } from '../../access/roles.ts';
import { contactSchema } from '../contacts/contact-schema.ts';

export const responderSchema = z.strictObject({
  name: z.string().describe('As it is shown on pages.'),
  slackUser: z.string().optional().describe('Slack user id, so that a button press is known to be this person.'),
  role: z
    .enum(roles)
    .prefault('responder')
    .describe('What they may do from Slack: `viewer` looks, `responder` acts on incidents, `admin` may do everything.'),
  contacts: z.array(contactSchema).min(1).describe('Ways to reach them, best first; the next is tried when one is dead.'),
});

export type Responder = z.output<typeof responderSchema>;
