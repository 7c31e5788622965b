import * as z from 'zod';
import type { ContactProbes, Probed } from '../../app/ports/probe.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut } from '../../core/vocabulary/text.ts';
import { distinctContacts } from '../distinct-contacts.ts';
import { exchange, isGood, startOf } from '../exchange.ts';
import { parsedJson } from '../parsed-json.ts';
import { deliveryUrl, userAgent } from '../vendor-post.ts';

const timeoutMs = 5000;
const maxAnswerBytes = 64 * 1024;

const webhook = z.object({ name: z.string().nullish(), channel_id: z.string() });

/** Asks Discord which webhook each secret is; posts nothing. */
export const contactProbes: ContactProbes<'discord'> = (contacts, { secrets }) =>
  distinctContacts(contacts).map(([what, { address }]) => ({
    what,
    todo: 'docs/discord.md says where the URL comes from',
    async run(): Promise<Probed> {
      const url = await deliveryUrl(secrets, address, what);
      const { status, text } = await exchange(url, { headers: userAgent, timeoutMs }, async (response) => ({
        status: response.statusCode ?? 0,
        text: await startOf(response, maxAnswerBytes),
      }));
      const found = webhook.safeParse(parsedJson(text)).data;
      if (isGood(status) && found !== undefined)
        return {
          state: 'ok',
          found: `the webhook "${cut(oneLine(found.name ?? ''), 80)}" of the channel ${cut(oneLine(found.channel_id), 40)}`,
        };
      return {
        state: 'failed',
        found: `${url.host} answers ${status} where Discord describes the webhook`,
        todo: `make a webhook of the channel, and store its URL as ${address} (docs/discord.md)`,
      };
    },
  }));
