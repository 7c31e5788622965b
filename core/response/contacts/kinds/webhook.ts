import * as z from 'zod';
import { signedWebhook } from '../../../access/signing/signed-webhook-schema.ts';
import { digest } from '../../../vocabulary/fingerprint.ts';
import { isLoopback } from '../../../vocabulary/loopback.ts';
import { secretName } from '../../../vocabulary/schema-parts.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** In which shape a page is posted; left out: Tocsin's own (docs/webhooks.md). */
const formats = ['alertmanager'] as const;

/** `secret`: the name of the signing secret; `bearer`: that of a token. */
export type WebhookContact = {
  kind: 'webhook';
  url: string;
  secret: string;
  format?: (typeof formats)[number] | undefined;
  bearer?: string | undefined;
};

const written = signedWebhook
  .extend({
    format: z
      .enum(formats)
      .optional()
      .describe(
        "`alertmanager`: each page as Alertmanager's webhook receiver posts a group (version 4), one group an incident, never bundled. By default Tocsin's own.",
      ),
    bearer: secretName
      .optional()
      .describe('Name of the secret with a token that is sent as `Authorization: Bearer`, beside the signature.'),
  })
  .describe('Signed JSON to a URL.');

const hostOf = ({ url }: WebhookContact): string => new URL(url).host;

/** The URL may contain a token, so keys and receivers use its host only. */
export const webhookContact = {
  input: written,
  fromInput: ({ url, secret, format, bearer }) => ({
    ...{ kind: 'webhook', url, secret },
    ...(format === undefined ? {} : { format }),
    ...(bearer === undefined ? {} : { bearer }),
  }),
  // Lanes are named by host, so the URL must parse.
  stored: z.object({
    kind: z.literal('webhook'),
    url: text.refine((url) => URL.canParse(url)),
    secret: text,
    format: z.enum(formats).optional(),
    bearer: text.optional(),
  }),
  key: (contact) =>
    `webhook:${hostOf(contact)}#${digest(contact.url, 6)}${contact.format === undefined ? '' : `+${contact.format}`}`,
  receiver: (contact) => `webhook host ${hostOf(contact)}`,
  text: ({ url }) => `webhook ${url}`,
  takesEach: ({ format }) => format === 'alertmanager',
  disturbsSame: (a, b) => a.url === b.url,
  secrets: (contacts) => contacts.flatMap(({ secret, bearer }) => (bearer === undefined ? [secret] : [secret, bearer])),
  permissions: () => [],
  missing: () => undefined,
  awsFault: ({ url }) => (isLoopback(url) ? 'loopback' : undefined),
} satisfies ContactKindOf<WebhookContact, typeof written>;
