import * as z from 'zod';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { PagerdutyContact } from '../../core/response/contacts/kinds/pagerduty.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut } from '../../core/vocabulary/text.ts';
import type { Answer } from '../exchange.ts';
import { parsedJson } from '../parsed-json.ts';
import { delivered, deliveryToken, jsonHeaders } from '../vendor-post.ts';
import type { PagerdutyEvent } from './event.ts';

const addresses = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' } as const;

const maxAnswerBytes = 64 * 1024;
const maxQuoted = 200;

export type PagerdutyOptions = {
  secrets: Secrets;
  timeoutMs?: number;
  /** A stand-in in place of both regions. */
  apiUrl?: string;
};

const refusal = z.object({ errors: z.array(z.string()).prefault([]), message: z.string().prefault('') });

/** Sends one event. Throws DeliveryError, without the routing key. */
export async function enqueue(
  { secrets, timeoutMs = 10_000, apiUrl }: PagerdutyOptions,
  { routingKey, region }: Pick<PagerdutyContact, 'routingKey' | 'region'>,
  event: PagerdutyEvent,
): Promise<void> {
  const to = `PagerDuty by ${routingKey}`;
  const key = await deliveryToken(secrets, routingKey, to);
  const exchange = {
    headers: jsonHeaders,
    body: JSON.stringify({ routing_key: key, ...event }),
    timeoutMs,
    maxBytes: maxAnswerBytes,
    readsRefusals: true,
  };
  await delivered(to, new URL('/v2/enqueue', apiUrl ?? addresses[region]), exchange, (answer) => {
    const said = saidIn(answer).replaceAll(key, '(the key)');
    return `${said === '' ? 'it refuses this event' : `it says: ${said}`}; check that ${routingKey} holds the integration key of a service (Events API v2), and the region`;
  });
}

/** Why it was refused, in its words. It may say anything. */
function saidIn({ text }: Answer): string {
  const { errors = [], message = '' } = refusal.safeParse(parsedJson(text)).data ?? {};
  return cut(oneLine([message, ...errors].filter((part) => part !== '').join('; ')), maxQuoted);
}
