import * as z from 'zod';
import { digest } from '../../../vocabulary/fingerprint.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';
import { emailAddress } from '../email-schema.ts';

/** `to`: one message goes to all of these addresses; at least one. */
export type EmailContact = { kind: 'email'; to: string[] };

/** What Amazon SES takes for one message. */
const maxAddresses = 50;

const written = z
  .union([emailAddress, z.array(emailAddress).min(1).max(maxAddresses)], {
    error: `expected an e-mail address such as ana@example.com, or a list of at most ${maxAddresses}`,
  })
  .describe('An e-mail address, or a list of them that get one message.');

/** Addresses that a timeline shows whole. */
const maxShown = 2;

const shown = ({ to }: EmailContact): string =>
  to.length <= maxShown ? to.join(',') : `${to[0]},+${to.length - 1}#${digest(to.join(','), 6)}`;

export const emailContact = {
  input: written,
  fromInput: (given) => ({ kind: 'email', to: [...new Set([given].flat())] }),
  stored: z.object({ kind: z.literal('email'), to: z.array(text).min(1) }),
  key: (contact) => `email:${shown(contact)}`,
  receiver: () => 'email',
  text: ({ to }) => `email ${to.join(', ')}`,
  // The address that they sign in with, and no list.
  isReadBy: ({ to }, _name, { email }) => email !== undefined && to.length === 1 && to[0]?.toLowerCase() === email.toLowerCase(),
  disturbsSame: (a, b) => a.to.some((one) => b.to.some((other) => one.toLowerCase() === other.toLowerCase())),
  secrets: (contacts, { email }) =>
    contacts.length === 0 ? [] : [email?.smtp?.password, email?.smtp?.ca].filter((name) => name !== undefined),
  // SES asks for the second one where a message is sent whole, with its own headers.
  permissions: (_contact, { email }) =>
    email?.ses === undefined
      ? []
      : [{ actions: ['ses:SendEmail', 'ses:SendRawEmail'], on: { by: 'arn', arn: email.ses.identity } }],
  missing: ({ email }) =>
    email === undefined
      ? 'expected settings.email (from, and smtp or ses), which an e-mail contact needs; add it, or use another contact'
      : undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<EmailContact, typeof written>;
