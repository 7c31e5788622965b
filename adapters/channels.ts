import type { Channel, Channels } from '../app/ports/channel.ts';
import { DeliveryError } from '../app/ports/delivery-error.ts';
import type { Outside } from '../app/ports/outside.ts';
import type { ContactKind } from '../core/response/contacts/contact.ts';
import { forEveryKind } from '../core/vocabulary/kinds.ts';
import { once } from './once.ts';

/**
 * The channel for each kind of contact, on one machine and in the delivering function. A vendor's
 * folder and client load with the first page sent that way.
 */
const opened: { [K in ContactKind]: (outside: Outside) => Promise<Channel<K>> } = {
  slack: async (outside) => (await import('./slack/index.ts')).openChannel(outside),
  email: async (outside) => (await import('./email/index.ts')).openChannel(outside),
  ntfy: async (outside) => (await import('./ntfy/index.ts')).openChannel(outside),
  pagerduty: async (outside) => (await import('./pagerduty/index.ts')).openChannel(outside),
  slackWebhook: async (outside) => (await import('./slack/incoming-webhook.ts')).openChannel(outside),
  sms: async (outside) => (await import('./sms/index.ts')).openChannel(outside),
  teams: async (outside) => (await import('./teams/index.ts')).openChannel(outside),
  discord: async (outside) => (await import('./discord/index.ts')).openChannel(outside),
  telegram: async (outside) => (await import('./telegram/index.ts')).openChannel(outside),
  mattermost: async (outside) => (await import('./mattermost/index.ts')).openChannel(outside),
  googleChat: async (outside) => (await import('./google-chat/index.ts')).openChannel(outside),
  sns: async (outside) => (await import('./sns/index.ts')).openChannel(outside),
  webhook: async (outside) => (await import('./webhook/index.ts')).openChannel(outside),
  webPush: async (outside) => (await import('./web-push/index.ts')).openChannel(outside),
  terminal: async (outside) => (await import('./terminal/index.ts')).openChannel(outside),
};

export const channelsOf = (outside: Outside): Channels =>
  forEveryKind(opened, (kind) => lazily(() => opened[kind](outside) as Promise<Channel>)) as Channels;

function lazily(open: () => Promise<Channel>): Channel {
  const channel = once(open);
  return {
    send: async (...request) => (await channel()).send(...request),
    async digest(...request) {
      const { digest } = await channel();
      if (digest === undefined) throw new DeliveryError('this kind of contact takes no digests', { retryable: false });
      return digest(...request);
    },
    update: async (...request) => (await channel()).update?.(...request),
  };
}
