import * as z from 'zod';
import { exactlyOne, secretName } from '../../vocabulary/schema-parts.ts';

export const phoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, {
  error: 'expected a phone number with its country and without spaces (E.164): "+491701234567"',
});

const twilio = z.strictObject({
  account: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, { error: 'expected the SID of an account: AC and 32 hexadecimal digits' })
    .describe('SID of the account: AC...'),
  token: secretName.describe('Name of the secret with the auth token of the account.'),
  from: z
    .union([phoneNumber, z.string().regex(/^MG[0-9a-fA-F]{32}$/), z.string().regex(/^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/)], {
      error: 'expected a number of the account (+1...), the SID of a messaging service (MG...), or a sender of up to 11 letters',
    })
    .describe('What messages come from: a number, a messaging service (MG...) or an alphanumeric sender.'),
});

const aws = z.strictObject({
  from: z
    .string()
    .regex(/^arn:[a-z-]+:sms-voice:[a-z0-9-]+:\d{12}:(?:phone-number|pool|sender-id)\/[A-Za-z0-9/_-]+$/, {
      error: 'expected the ARN of a phone number, pool or sender id: arn:aws:sms-voice:REGION:ACCOUNT:phone-number/ID',
    })
    .describe('ARN of the phone number, pool or sender id that messages come from; its region is where they are sent.'),
});

/** Who sends text messages. */
export const smsSchema = z
  .strictObject({
    twilio: twilio.optional().describe('Twilio. Exactly one of `twilio` and `aws`.'),
    aws: aws.optional().describe('AWS End User Messaging. Exactly one of `twilio` and `aws`.'),
  })
  .superRefine(exactlyOne(['twilio', 'aws']));

export type SmsSettings = z.output<typeof smsSchema>;
