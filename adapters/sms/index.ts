/**
 * Pages as text messages, by Twilio or AWS End User Messaging. docs/sms.md says how to set it up.
 *
 * - A message is one part of 160 characters where its link is short enough; a text that needs
 *   letters of other alphabets has parts of 70 (core/response/paging/sms-text.ts).
 * - Neither vendor drops repeats. The effect's id travels along, so that one can be told.
 * - A message cannot be changed, so what happens to an incident comes as another one.
 */
import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { Channel, SendResult } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { SmsSettings } from '../../core/response/contacts/sms-schema.ts';
import { fitted, smsText } from '../../core/response/paging/sms-text.ts';
import { regionOfArn } from '../arn-region.ts';
import { sendByAws } from './aws.ts';
import { sendByTwilio } from './twilio.ts';

export const openChannel = ({ config: { settings }, secrets, awsAttempts }: Outside): Channel<'sms'> =>
  smsChannel({
    settings: settings.sms,
    secrets,
    awsClient: (region) =>
      new PinpointSMSVoiceV2Client({ region, ...(awsAttempts === undefined ? {} : { maxAttempts: awsAttempts }) }),
  });

export function smsChannel(options: {
  settings: SmsSettings | undefined;
  secrets: Secrets;
  awsClient: (region: string) => PinpointSMSVoiceV2Client;
  /** Twilio's API if not twilio.com. */
  twilioUrl?: string;
}): Channel<'sms'> {
  const { settings, secrets, twilioUrl } = options;
  let client: PinpointSMSVoiceV2Client | undefined;

  async function send(to: string, text: string, key: string): Promise<SendResult> {
    if (settings?.twilio !== undefined)
      return { providerId: await sendByTwilio(settings.twilio, { secrets, apiUrl: twilioUrl }, { to, text, key }) };
    if (settings?.aws === undefined)
      throw new DeliveryError('text message: there is no settings.sms; add it (docs/sms.md)', { retryable: false });
    client ??= options.awsClient(regionOfArn(settings.aws.from));
    return { providerId: await sendByAws(client, settings.aws.from, { to, text, key }) };
  }

  return {
    send: ({ number }, page, key) => send(number, smsText(page), key),
    digest: ({ number }, { title, lines, url }, key) => send(number, fitted([title, ...lines].join(' '), url), key),
  };
}
