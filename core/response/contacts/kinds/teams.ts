import * as z from 'zod';
import { secretName } from '../../../vocabulary/schema-parts.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** `address`: the name of the secret with the URL of a workflow. Whoever has the URL posts in its chat or channel. */
export type TeamsContact = { kind: 'teams'; address: string };

const written = secretName.describe(
  'Name of the secret with the URL of a workflow of Microsoft Teams that posts cards in a channel or chat.',
);

export const teamsContact = {
  input: written,
  fromInput: (address) => ({ kind: 'teams', address }),
  stored: z.object({ kind: z.literal('teams'), address: text }),
  key: ({ address }) => `teams:${address}`,
  receiver: () => 'teams',
  text: ({ address }) => `teams, by the workflow in ${address}`,
  disturbsSame: (a, b) => a.address === b.address,
  secrets: (contacts) => contacts.map(({ address }) => address),
  permissions: () => [],
  missing: () => undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<TeamsContact, typeof written>;
