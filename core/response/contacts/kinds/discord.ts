import { type SecretAddressContact, secretAddressKind } from '../secret-address.ts';

/** The URL is that of a webhook of a channel. */
export type DiscordContact = SecretAddressContact<'discord'>;

export const discordContact = secretAddressKind('discord', {
  description: 'Name of the secret with the URL of a webhook of a channel of Discord; `?thread_id=...` posts in a thread of it.',
  by: 'discord, by the webhook in',
});
