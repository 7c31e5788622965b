/**
 * Pages in a channel of Discord, by a webhook.
 *
 * - A message is changed in place, without a sound, once somebody acknowledges or the incident
 *   ends.
 * - Nobody is mentioned, whatever a label says (`allowed_mentions`).
 * - 429 says in its body how long to wait, in seconds with a fraction.
 * - Discord drops no repeats of webhooks. The footer is made from the effect's id.
 */
import * as z from 'zod';
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { parsedJson } from '../parsed-json.ts';
import { delivered, deliveryUrl, jsonHeaders } from '../vendor-post.ts';
import { type DiscordMessage, digestMessage, pageMessage } from './message.ts';

const maxAnswerBytes = 256 * 1024;

const taken = z.object({ id: z.string().max(100) });
const busy = z.object({ retry_after: z.number().min(0).max(86_400) });

const whatToDo: Readonly<Record<number, string>> = {
  400: 'it refuses this message: a webhook of a forum needs ?thread_id=... in its URL (docs/discord.md)',
  401: 'make a webhook again, and store its URL as the secret',
  403: 'make a webhook again, and store its URL as the secret',
  404: 'the webhook or its message was deleted; make a webhook again, and store its URL as the secret',
};

function waitIn(text: string): number | undefined {
  const seconds = busy.safeParse(parsedJson(text)).data?.retry_after;
  return seconds === undefined ? undefined : Math.ceil(seconds * 1000);
}

export const openChannel = ({ secrets }: Outside): Channel<'discord'> => discordChannel({ secrets });

export function discordChannel({ secrets, timeoutMs = 10_000 }: { secrets: Secrets; timeoutMs?: number }): Channel<'discord'> {
  /** `id`: of the message to change. Gives the id of the message. */
  async function post(address: string, message: DiscordMessage, id?: string): Promise<string | undefined> {
    const to = `Discord webhook ${address}`;
    const url = await deliveryUrl(secrets, address, to);
    if (id !== undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/messages/${encodeURIComponent(id)}`;
    // Without it nothing is answered, and whether the message was stored is not known.
    else url.searchParams.set('wait', 'true');
    const body = JSON.stringify(message);
    const how = { headers: jsonHeaders, body, timeoutMs, maxBytes: maxAnswerBytes, readsRefusals: true, waitIn };
    const { text } = await delivered(
      to,
      url,
      id === undefined ? how : { ...how, method: 'PATCH' },
      ({ status }) => whatToDo[status] ?? 'see docs/discord.md',
    );
    return taken.safeParse(parsedJson(text)).data?.id;
  }

  return {
    async send({ address }, page, key) {
      const id = await post(address, pageMessage(page, key));
      return id === undefined ? {} : { providerId: id, ref: { kind: 'discord', place: address, id } };
    },
    async digest({ address }, digest, key) {
      return { providerId: await post(address, digestMessage(digest, key)) };
    },
    async update({ place, id }, page) {
      // A page that is still open keeps its link that acknowledges, which an update does not have.
      if (page.status !== 'triggered') await post(place, pageMessage(page), id);
    },
  };
}
