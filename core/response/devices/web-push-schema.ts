import * as z from 'zod';
import { httpUrl, secretName } from '../../vocabulary/schema-parts.ts';

const subject = z
  .string()
  .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, { error: 'expected mailto:somebody@example.com, or an https:// URL' });

export const webPushSchema = z.strictObject({
  key: secretName
    .optional()
    .describe(
      'Name of the secret with the private VAPID key: 32 bytes as base64, such as of `openssl rand -base64 32`. On one machine Tocsin makes one and keeps it in its store. On AWS it is needed.',
    ),
  subject: subject
    .optional()
    .describe('Whom a push service may ask about these messages (`sub` of RFC 8292). By default `publicUrl`, if it is https.'),
  services: z
    .array(httpUrl)
    .max(20)
    .prefault([])
    .describe(
      'Push services besides those of Chrome, Edge, Firefox and Safari: `https://push.example.com`. Tocsin sends to no other address, whatever a browser says.',
    ),
});

export type WebPushSettings = z.output<typeof webPushSchema>;
