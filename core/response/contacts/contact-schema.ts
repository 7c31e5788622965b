import * as z from 'zod';
import { signedWebhook } from '../../access/signing/signed-webhook-schema.ts';
import { exactlyOne } from '../../vocabulary/schema-parts.ts';

export const contactSchema = z
  .strictObject({
    slack: z.string().optional().describe('Channel id or name, or the user id of a person.'),
    sns: z.string().optional().describe('Topic ARN; `default` is the topic of the deployment.'),
    webhook: signedWebhook.optional().describe('Signed JSON to an address.'),
    terminal: z.literal(true).optional().describe('Lines in the terminal of `npm start`.'),
  })
  .superRefine(exactlyOne(['slack', 'sns', 'webhook', 'terminal']));

export type Contact = z.output<typeof contactSchema>;
