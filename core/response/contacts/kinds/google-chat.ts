import { type SecretAddressContact, secretAddressKind } from '../secret-address.ts';

/** The URL is that of a webhook of a space, key and token included. */
export type GoogleChatContact = SecretAddressContact<'googleChat'>;

export const googleChatContact = secretAddressKind('googleChat', {
  description: 'Name of the secret with the URL of a webhook of a space of Google Chat.',
  by: 'google chat, by the webhook in',
  receiver: 'google chat',
});
