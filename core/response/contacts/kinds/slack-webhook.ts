import { type SecretAddressContact, secretAddressKind } from '../secret-address.ts';

/** The URL is that of an incoming webhook, which posts in its one channel. */
export type SlackWebhookContact = SecretAddressContact<'slackWebhook'>;

export const slackWebhookContact = secretAddressKind('slackWebhook', {
  description:
    'Name of the secret with the URL of an incoming webhook of Slack: posts in its one channel, without buttons, threads and updates.',
  by: 'slack, by the incoming webhook in',
  receiver: 'slack webhooks',
});
