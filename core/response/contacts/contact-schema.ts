import * as z from 'zod';
import { exactlyOne, secretName } from '../../vocabulary/schema-parts.ts';

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
  .meta({ title: 'http(s) URL' });

export const webhook = z.strictObject({
  url: httpUrl.describe('Where signed JSON is posted to.'),
  secret: secretName.describe('Name of the secret that signs the request.'),
});

export const contactSchema = z
  .strictObject({
    slack: z.string().optional().describe('Channel id or name, or the user id of a person.'),
    sns: z.string().optional().describe('Topic ARN; `default` is the topic of the deployment.'),
    webhook: webhook.optional().describe('Signed JSON to an address.'),
    terminal: z.literal(true).optional().describe('Lines in the terminal of `npm start`.'),
  })
  .superRefine(exactlyOne(['slack', 'sns', 'webhook', 'terminal']));
