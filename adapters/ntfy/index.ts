/**
 * Pages by ntfy, of ntfy.sh or a server of one's own, published as JSON to its root.
 *
 * - The topic is a secret: it stands in no address, timeline or error.
 * - The effect's id makes the `sequence_id`: a phone shows a repeat once. Servers of 2.16 and newer
 *   answer with it; then the message is replaced, without a sound, once somebody acknowledges the
 *   incident or it ends. An older one would show each as another message, so it gets none.
 * - 429, 507 and other 5xx may be tried again, after `Retry-After` where it is given.
 */
import * as z from 'zod';
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { NtfyContact } from '../../core/response/contacts/kinds/ntfy.ts';
import { parsedJson } from '../parsed-json.ts';
import { delivered, deliveryToken, jsonHeaders } from '../vendor-post.ts';
import { digestMessage, type NtfyMessage, pageMessage, sequenceOf } from './message.ts';

const defaultTimeoutMs = 10_000;
const maxAnswerBytes = 64 * 1024;

const published = z.object({ id: z.string().max(200), sequence_id: z.string().max(200).optional() });

/** How to reach the topic of a message again. Names of secrets, never values. */
const placeOf = ({ url, topic, token }: NtfyContact): string => [url, topic, ...(token === undefined ? [] : [token])].join(' ');

function contactAt(place: string): NtfyContact {
  const [url = '', topic = '', token] = place.split(' ');
  return { kind: 'ntfy', url, topic, ...(token === undefined ? {} : { token }) };
}

const whatToDo: Readonly<Record<number, string>> = {
  400: 'check that the secret of the topic holds a topic: up to 64 letters, digits, "-" and "_"',
  401: 'check the token of the contact',
  403: 'let the token write to this topic',
  404: 'check the URL of the ntfy server in the config',
  413: 'the server takes only shorter messages; raise its message-size-limit',
};

export const openChannel = ({ secrets }: Outside): Channel<'ntfy'> => ntfyChannel({ secrets });

export function ntfyChannel({
  secrets,
  timeoutMs = defaultTimeoutMs,
}: {
  secrets: Secrets;
  timeoutMs?: number;
}): Channel<'ntfy'> {
  /** Gives the message's id, and its sequence if the server keeps one. */
  async function publish(
    { url, topic, token }: NtfyContact,
    message: NtfyMessage,
  ): Promise<z.output<typeof published> | undefined> {
    const to = `ntfy ${new URL(url).host}`;
    const headers: Record<string, string> = { ...jsonHeaders };
    if (token !== undefined) headers['Authorization'] = `Bearer ${await deliveryToken(secrets, token, to)}`;
    const body = JSON.stringify({ topic: await deliveryToken(secrets, topic, to), ...message });
    const { text } = await delivered(
      to,
      new URL(url),
      { headers, body, timeoutMs, maxBytes: maxAnswerBytes },
      ({ status }) => whatToDo[status] ?? 'it refuses this message, see its log',
    );
    return published.safeParse(parsedJson(text)).data;
  }

  return {
    async send(contact, page, key) {
      const sequence = sequenceOf(key);
      const taken = await publish(contact, pageMessage(page, sequence));
      if (taken === undefined) return {};
      const ref = { kind: 'ntfy', place: placeOf(contact), id: sequence } as const;
      return { providerId: taken.id, ...(taken.sequence_id === sequence ? { ref } : {}) };
    },
    async digest(contact, digest, key) {
      return { providerId: (await publish(contact, digestMessage(digest, sequenceOf(key))))?.id };
    },
    async update(ref, page) {
      // Each message counts against a limit, and only this ends what a phone shows as open.
      if (page.status === 'triggered') return;
      await publish(contactAt(ref.place), pageMessage(page, ref.id, { quiet: true }));
    },
  };
}
