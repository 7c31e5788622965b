import * as z from 'zod';
import { secretName } from '../../../vocabulary/schema-parts.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** `address`: the name of the secret with the URL of an incoming webhook. Whoever has the URL posts in its channel. */
export type SlackWebhookContact = { kind: 'slackWebhook'; address: string };

const written = secretName.describe(
  'Name of the secret with the URL of an incoming webhook of Slack: posts in its one channel, without buttons, threads and updates.',
);

export const slackWebhookContact = {
  input: written,
  fromInput: (address) => ({ kind: 'slackWebhook', address }),
  stored: z.object({ kind: z.literal('slackWebhook'), address: text }),
  key: ({ address }) => `slackWebhook:${address}`,
  receiver: () => 'slack webhooks',
  text: ({ address }) => `slack, by the incoming webhook in ${address}`,
  disturbsSame: (a, b) => a.address === b.address,
  secrets: (contacts) => contacts.map(({ address }) => address),
  permissions: () => [],
  missing: () => undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<SlackWebhookContact, typeof written>;
