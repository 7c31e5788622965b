import {
  type PinpointSMSVoiceV2Client,
  PinpointSMSVoiceV2ServiceException,
  SendTextMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { DeliveryError } from '../../app/ports/delivery-error.ts';

const whatToDo: Readonly<Record<string, string>> = {
  AccessDeniedException: 'allow the role that Tocsin runs as to call sms-voice:SendTextMessage on settings.sms.aws.from',
  ResourceNotFoundException: 'check the ARN of settings.sms.aws.from, and its region',
  ValidationException: 'check the number in the config and settings.sms.aws.from',
  ConflictException: 'the phone has opted out, or the account is in the sandbox and the number is not verified',
  ServiceQuotaExceededException: 'the limit of spending of the account is reached; ask AWS to raise it',
  CredentialsProviderError: 'there are no AWS credentials here; give Tocsin some, or use twilio',
};

/** Maps a failed call to a DeliveryError. */
function smsError(cause: unknown): DeliveryError {
  const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) };
  const known = Object.hasOwn(whatToDo, name) ? whatToDo[name] : undefined;
  const text = `AWS End User Messaging: ${name}: ${message}${known === undefined ? '' : `; ${known}`}`;
  if (!(cause instanceof PinpointSMSVoiceV2ServiceException))
    return new DeliveryError(text, { retryable: known === undefined, timedOut: name === 'TimeoutError', cause });
  const status = cause.$metadata.httpStatusCode ?? 0;
  const retryable = /Throttl|TooManyRequests|InternalServer/.test(name) || status >= 500 || status === 429 || status === 408;
  const seconds = Number.parseInt(cause.$response?.headers['retry-after'] ?? '', 10);
  return new DeliveryError(text, { retryable, retryAfterMs: retryable && seconds >= 0 ? seconds * 1000 : undefined, cause });
}

/** Sends a text message that may not wait for advertisements, and gives its id. Throws DeliveryError. */
export async function sendByAws(
  client: PinpointSMSVoiceV2Client,
  from: string,
  { to, text, key }: { to: string; text: string; key: string },
): Promise<string | undefined> {
  const command = new SendTextMessageCommand({
    DestinationPhoneNumber: to,
    OriginationIdentity: from,
    MessageBody: text,
    MessageType: 'TRANSACTIONAL',
    // Events about the message have it; AWS drops no repeats.
    Context: { tocsin: key.slice(0, 100) },
  });
  try {
    return (await client.send(command)).MessageId;
  } catch (cause) {
    throw smsError(cause);
  }
}
