import * as z from 'zod';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { SmsSettings } from '../../core/response/contacts/sms-schema.ts';
import { basicAuthorization } from '../authorization.ts';
import type { Answer } from '../exchange.ts';
import { parsedJson } from '../parsed-json.ts';
import { delivered, deliveryToken, userAgent } from '../vendor-post.ts';

export type Twilio = NonNullable<SmsSettings['twilio']>;

const timeoutMs = 10_000;
const maxAnswerBytes = 64 * 1024;

const taken = z.object({ sid: z.string().max(100) });
const refused = z.object({ code: z.int() });

/** By Twilio's code (twilio.com/docs/api/errors). */
const whatToDo: Readonly<Record<number, string>> = {
  20003: 'check account and token of settings.sms.twilio',
  20404: 'check the account of settings.sms.twilio',
  21211: 'the number is none that can be reached; check it in the config',
  21212: 'check from of settings.sms.twilio',
  21408: 'allow messages to this country in the console of Twilio (geo permissions)',
  21606: 'from of settings.sms.twilio cannot send there',
  21608: 'a trial account reaches verified numbers only',
  21610: 'this phone answered STOP; it has to answer START',
  21614: 'the number is no mobile phone; check it in the config',
};

const codeOf = ({ text }: Answer): number | undefined => refused.safeParse(parsedJson(text)).data?.code;

function advice(answer: Answer): string {
  const code = codeOf(answer);
  const known = code === undefined ? undefined : whatToDo[code];
  return `${code === undefined ? '' : `Twilio's error ${code}: `}${known ?? 'see the log of messages in the console of Twilio'}`;
}

/** Sends a text message, and gives its SID. Throws DeliveryError, without the token. */
export async function sendByTwilio(
  { account, token, from }: Twilio,
  { secrets, apiUrl = 'https://api.twilio.com' }: { secrets: Secrets; apiUrl?: string | undefined },
  message: { to: string; text: string; key: string },
): Promise<string | undefined> {
  const name = 'Twilio';
  const secret = await deliveryToken(secrets, token, name);
  const form = new URLSearchParams({ To: message.to, Body: message.text });
  form.set(from.startsWith('MG') ? 'MessagingServiceSid' : 'From', from);
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    ...userAgent,
    Authorization: basicAuthorization(account, secret),
    // Twilio promises nothing for it here; it lets a repeat be told in its log.
    'I-Twilio-Idempotency-Token': encodeURIComponent(message.key).slice(0, 200),
  };
  const url = new URL(`/2010-04-01/Accounts/${account}/Messages.json`, apiUrl);
  const exchange = { headers, body: form.toString(), timeoutMs, maxBytes: maxAnswerBytes, readsRefusals: true };
  const { text } = await delivered(name, url, exchange, advice);
  return taken.safeParse(parsedJson(text)).data?.sid;
}
