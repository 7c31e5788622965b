import * as z from 'zod';
import { isLoopback } from '../../../vocabulary/loopback.ts';
import { httpUrl, secretName } from '../../../vocabulary/schema-parts.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/**
 * `topic` and `token`: names of secrets. Whoever knows a topic of the public server reads it and
 * writes to it.
 */
export type NtfyContact = { kind: 'ntfy'; url: string; topic: string; token?: string | undefined };

const written = z
  .strictObject({
    topic: secretName.describe(
      'Name of the secret with the topic. On a public server a topic is all that protects it: `openssl rand -hex 16` makes one.',
    ),
    url: httpUrl
      .refine((url) => new URL(url).pathname === '/' && new URL(url).search === '', {
        error: 'expected the root of the ntfy server, without a topic: https://ntfy.example.com',
      })
      .prefault('https://ntfy.sh')
      .describe('Root of the ntfy server.'),
    token: secretName.optional().describe('Name of the secret with an access token (tk_...).'),
  })
  .describe('A topic of ntfy: pushes to phones with a button that acknowledges.');

const hostOf = ({ url }: NtfyContact): string => new URL(url).host;

export const ntfyContact = {
  input: written,
  fromInput: ({ url, topic, token }) => ({ kind: 'ntfy', url, topic, ...(token === undefined ? {} : { token }) }),
  stored: z.object({
    kind: z.literal('ntfy'),
    url: text.refine((url) => URL.canParse(url)),
    topic: text,
    token: text.optional(),
  }),
  key: (contact) => `ntfy:${hostOf(contact)}/${contact.topic}`,
  receiver: (contact) => `ntfy ${hostOf(contact)}`,
  text: (contact) => `ntfy ${hostOf(contact)}, the topic in ${contact.topic}`,
  disturbsSame: (a, b) => a.url === b.url && a.topic === b.topic,
  secrets: (contacts) => contacts.flatMap(({ topic, token }) => (token === undefined ? [topic] : [topic, token])),
  permissions: () => [],
  missing: () => undefined,
  awsFault: ({ url }) => (isLoopback(url) ? 'loopback' : undefined),
} satisfies ContactKindOf<NtfyContact, typeof written>;
