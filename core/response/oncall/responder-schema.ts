import * as z from 'zod';
import { roles } from '../../access/roles.ts';
import { contactSchema } from '../contacts/contact-schema.ts';

export const responderSchema = z.strictObject({
  name: z.string().describe('Name shown on pages.'),
  slackUser: z.string().optional().describe('Slack user id; button presses of this user count as this responder.'),
  email: z
    .email({ error: 'expected an e-mail address' })
    .optional()
    .describe('E-mail address; who signs in at the OpenID provider with this one counts as this responder.'),
  role: z
    .enum(roles)
    .prefault('responder')
    .describe(
      'What they may do from Slack, and on the pages where they sign in at an OpenID provider: `viewer` reads, `responder` acts on incidents, `admin` may do everything.',
    ),
  contacts: z.array(contactSchema).min(1).describe('Contact methods, best first. If one fails, the next is tried.'),
});

export type Responder = z.output<typeof responderSchema>;
