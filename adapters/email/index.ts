/**
 * Pages by e-mail: over SMTP to a mail server, or by Amazon SES. docs/email.md says how to set it
 * up.
 *
 * - A message is made once, by nodemailer, and sent either way: plain text and simple HTML, without
 *   scripts.
 * - The effect's id makes the `Message-ID`, so that mail programs show a repeat once. `In-Reply-To`
 *   and `References` name one id an incident, so that its messages are one thread.
 * - Without TLS nothing is sent, unless the config says `off`. There is one conversation a message:
 *   it ends after `timeoutMs`, whatever the server does.
 * - 4yz answers may be tried again, 5yz may not. A message that some of several addresses take has
 *   arrived; who was refused is noted on the timeline, and not tried again, since the others would
 *   get it twice.
 */
import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Channel, SendResult } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { EmailSettings } from '../../core/response/contacts/email-schema.ts';
import type { EmailContact } from '../../core/response/contacts/kinds/email.ts';
import { regionOfArn } from '../arn-region.ts';
import { digestMail, type Envelope, pageMail } from './message.ts';
import { sendBySes } from './ses.ts';
import { converse } from './smtp.ts';
import { partlyRefused } from './smtp-errors.ts';

/** Shorter than what a page may take, so that the reason is the mail server's. */
const defaultTimeoutMs = 12_000;

export const openChannel = ({ config: { settings }, secrets, awsAttempts }: Outside): Channel<'email'> =>
  emailChannel({
    settings: settings.email,
    secrets,
    sesClient: (region) => new SESv2Client({ region, ...(awsAttempts === undefined ? {} : { maxAttempts: awsAttempts }) }),
  });

export function emailChannel(options: {
  settings: EmailSettings | undefined;
  secrets: Secrets;
  sesClient: (region: string) => SESv2Client;
  timeoutMs?: number;
}): Channel<'email'> {
  const { settings, secrets, timeoutMs = defaultTimeoutMs } = options;
  let client: SESv2Client | undefined;

  async function send({ to }: EmailContact, made: (envelope: Envelope) => Promise<Buffer>): Promise<SendResult> {
    if (settings === undefined)
      throw new DeliveryError('e-mail: there is no settings.email; add it (docs/email.md)', { retryable: false });
    const envelope = { from: settings.from, to };
    const message = await made(envelope);
    const { ses, smtp } = settings;
    if (ses !== undefined) {
      client ??= options.sesClient(regionOfArn(ses.identity));
      return { providerId: await sendBySes(client, ses.identity, envelope, message) };
    }
    if (smtp === undefined) throw new Error('expected smtp or ses in settings.email');
    const info = await converse(smtp, { secrets, timeoutMs, mail: { envelope, message } });
    const refused = info?.rejectedErrors ?? [];
    return refused.length === 0 ? {} : { note: partlyRefused(refused) };
  }

  return {
    send: (contact, page, key) => send(contact, (envelope) => pageMail(page, key, envelope)),
    digest: (contact, digest, key) => send(contact, (envelope) => digestMail(digest, key, envelope)),
  };
}
