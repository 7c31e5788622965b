import { type SecretAddressContact, secretAddressKind } from '../secret-address.ts';

/** The URL is that of an incoming webhook of a server. */
export type MattermostContact = SecretAddressContact<'mattermost'>;

export const mattermostContact = secretAddressKind('mattermost', {
  description: 'Name of the secret with the URL of an incoming webhook of Mattermost.',
  by: 'mattermost, by the incoming webhook in',
});
