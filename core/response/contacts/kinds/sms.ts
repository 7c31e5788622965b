import * as z from 'zod';
import { digest } from '../../../vocabulary/fingerprint.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';
import { phoneNumber } from '../sms-schema.ts';

/** `number`: E.164. */
export type SmsContact = { kind: 'sms'; number: string };

const written = phoneNumber.describe('A text message to a phone number with its country: "+491701234567".');

export const smsContact = {
  input: written,
  fromInput: (number) => ({ kind: 'sms', number }),
  stored: z.object({ kind: z.literal('sms'), number: text }),
  // Timelines are read by more people than know the number.
  key: ({ number }) => `sms:*${number.slice(-3)}#${digest(number, 6)}`,
  receiver: () => 'sms',
  text: ({ number }) => `sms ${number}`,
  disturbsSame: (a, b) => a.number === b.number,
  secrets: (contacts, { sms }) => (contacts.length === 0 || sms?.twilio === undefined ? [] : [sms.twilio.token]),
  permissions: (_contact, { sms }) =>
    sms?.aws === undefined ? [] : [{ actions: ['sms-voice:SendTextMessage'], on: { by: 'arn', arn: sms.aws.from } }],
  missing: ({ sms }) =>
    sms === undefined
      ? 'expected settings.sms (twilio or aws), which a contact by text message needs; add it, or use another contact'
      : undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<SmsContact, typeof written>;
