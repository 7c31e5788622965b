import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { DeliveryError } from '../../app/ports/delivery-error.ts';
import { awsFailure } from '../aws-failure.ts';
import type { Envelope } from './message.ts';

const whatToDo: Readonly<Record<string, string>> = {
  MessageRejected: 'SES does not take it; in the sandbox both addresses have to be verified (docs/email.md)',
  MailFromDomainNotVerifiedException: 'verify the MAIL FROM domain of the identity',
  AccessDeniedException: 'allow the role that Tocsin runs as to call ses:SendEmail and ses:SendRawEmail on the identity',
  NotFoundException: 'verify the identity of settings.email.ses in its region',
  AccountSuspendedException: 'SES has ended sending for this account; ask AWS support',
  SendingPausedException: 'sending is paused for this account; resume it in SES',
  BadRequestException: 'check settings.email.from and the address in the config',
  CredentialsProviderError: 'there are no AWS credentials here; give Tocsin some, or use smtp',
};

/** A quota of a day frees itself by the hour. */
const passing = ['LimitExceededException'];

/** Maps a failed call of SES to a DeliveryError. */
export const sesError = (cause: unknown, identity: string): DeliveryError =>
  awsFailure(cause, `SES ${identity.split('/')[1]}`, { whatToDo, passing });

/** Gives the id under which SES knows the message. Throws DeliveryError. */
export async function sendBySes(
  client: SESv2Client,
  identity: string,
  { from, to }: Envelope,
  message: Buffer,
): Promise<string | undefined> {
  const command = new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [...to] },
    Content: { Raw: { Data: message } },
  });
  try {
    return (await client.send(command)).MessageId;
  } catch (cause) {
    throw sesError(cause, identity);
  }
}
