import * as z from 'zod';
import { signedWebhook } from '../../../access/signing/signed-webhook-schema.ts';
import { digest } from '../../../vocabulary/fingerprint.ts';
import { isLoopback } from '../../../vocabulary/loopback.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** `secret`: the name of the signing secret. */
export type WebhookContact = { kind: 'webhook'; url: string; secret: string };

const hostOf = ({ url }: WebhookContact): string => new URL(url).host;

/** The URL may contain a token, so keys and receivers use its host only. */
export const webhookContact = {
  input: signedWebhook.describe('Signed JSON to a URL.'),
  fromInput: ({ url, secret }) => ({ kind: 'webhook', url, secret }),
  // Lanes are named by host, so the URL must parse.
  stored: z.object({ kind: z.literal('webhook'), url: text.refine((url) => URL.canParse(url)), secret: text }),
  key: (contact) => `webhook:${hostOf(contact)}#${digest(contact.url, 6)}`,
  receiver: (contact) => `webhook host ${hostOf(contact)}`,
  text: ({ url }) => `webhook ${url}`,
  disturbsSame: (a, b) => a.url === b.url,
  secrets: (contacts) => contacts.map(({ secret }) => secret),
  permissions: () => [],
  missing: () => undefined,
  awsFault: ({ url }) => (isLoopback(url) ? 'loopback' : undefined),
} satisfies ContactKindOf<WebhookContact, typeof signedWebhook>;
