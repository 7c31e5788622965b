import { type SecretAddressContact, secretAddressKind } from '../secret-address.ts';

/** The URL is that of a workflow, which posts in its chat or channel. */
export type TeamsContact = SecretAddressContact<'teams'>;

export const teamsContact = secretAddressKind('teams', {
  description: 'Name of the secret with the URL of a workflow of Microsoft Teams that posts cards in a channel or chat.',
  by: 'teams, by the workflow in',
});
