import { signedWebhook } from '../../../access/signing/signed-webhook-schema.ts';
import { isLoopback } from '../../../vocabulary/loopback.ts';
import type { HookKindOf } from '../hook-kind.ts';

/** `secret`: the name of the signing secret. */
export type WebhookHook = { kind: 'webhook'; url: string; secret: string };

export const webhookHook = {
  input: signedWebhook.describe('A service of your own, as docs/webhooks.md describes it.'),
  fromInput: ({ url, secret }) => ({ kind: 'webhook', url, secret }),
  secrets: ({ secret }) => [secret],
  permissions: () => [],
  awsFault: ({ url }) => (isLoopback(url) ? 'loopback' : undefined),
} satisfies HookKindOf<WebhookHook, typeof signedWebhook>;
