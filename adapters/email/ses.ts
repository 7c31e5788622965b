import { type SESv2Client, SESv2ServiceException, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Envelope } from './message.ts';

/** `arn:aws:ses:eu-central-1:123456789012:identity/example.com` is in eu-central-1. */
export const regionOfIdentity = (arn: string): string => arn.split(':')[3] ?? '';

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

/** Temporary, and of status 400 or 429. A quota of a day (`LimitExceededException`) frees itself by the hour. */
const passing = /Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable|RequestTimeout|InternalError/;

/** Maps a failed call of SES to a DeliveryError. */
export function sesError(cause: unknown, identity: string): DeliveryError {
  const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) };
  const known = Object.hasOwn(whatToDo, name) ? whatToDo[name] : undefined;
  const text = `SES ${identity.split('/')[1]}: ${name}: ${message}${known === undefined ? '' : `; ${known}`}`;
  if (!(cause instanceof SESv2ServiceException))
    return new DeliveryError(text, { retryable: known === undefined, timedOut: name === 'TimeoutError', cause });
  const status = cause.$metadata.httpStatusCode ?? 0;
  const retryable = passing.test(name) || status >= 500 || status === 429 || status === 408;
  const seconds = Number.parseInt(cause.$response?.headers['retry-after'] ?? '', 10);
  return new DeliveryError(text, { retryable, retryAfterMs: retryable && seconds >= 0 ? seconds * 1000 : undefined, cause });
}

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
