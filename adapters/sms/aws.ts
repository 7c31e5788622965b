import { type PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { awsFailure } from '../aws-failure.ts';

const whatToDo: Readonly<Record<string, string>> = {
  AccessDeniedException: 'allow the role that Tocsin runs as to call sms-voice:SendTextMessage on settings.sms.aws.from',
  ResourceNotFoundException: 'check the ARN of settings.sms.aws.from, and its region',
  ValidationException: 'check the number in the config and settings.sms.aws.from',
  ConflictException: 'the phone has opted out, or the account is in the sandbox and the number is not verified',
  ServiceQuotaExceededException: 'the limit of spending of the account is reached; ask AWS to raise it',
  CredentialsProviderError: 'there are no AWS credentials here; give Tocsin some, or use twilio',
};

/**
 * Sends a text message that may not wait for advertisements, and gives its id. Throws
 * DeliveryError.
 */
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
    throw awsFailure(cause, 'AWS End User Messaging', { whatToDo });
  }
}
