import * as z from 'zod';
import { isLoopback } from '../../../vocabulary/loopback.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** Every device on which `responder` switched pages on in the console. */
export type WebPushContact = { kind: 'webPush'; responder: string };

export const webPushContact = {
  input: z.string().describe('A responder: every browser and phone on which they switched pages on in the console.'),
  fromInput: (responder) => ({ kind: 'webPush', responder }),
  stored: z.object({ kind: z.literal('webPush'), responder: text }),
  key: ({ responder }) => `webPush:${responder}`,
  receiver: () => 'web push',
  text: ({ responder }) => `web push to ${responder}`,
  responder: ({ responder }) => responder,
  isReadBy: ({ responder }, name) => responder === name,
  disturbsSame: (a, b) => a.responder === b.responder,
  secrets: (contacts, { webPush }) => (contacts.length === 0 || webPush?.key === undefined ? [] : [webPush.key]),
  permissions: () => [],
  missing: ({ publicUrl }) =>
    publicUrl === undefined || publicUrl.startsWith('https:') || isLoopback(publicUrl)
      ? undefined
      : 'expected settings.publicUrl to be an https:// URL: browsers take pages from no other; received one of plain HTTP',
  awsFault: () => undefined,
} satisfies ContactKindOf<WebPushContact, z.ZodString>;
