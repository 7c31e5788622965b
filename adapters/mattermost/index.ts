/**
 * Pages in a channel of Mattermost, by an incoming webhook.
 *
 * - It answers `ok` and no id, so nothing is changed later: what happens to an incident comes as
 *   another post.
 * - Nobody is mentioned, whatever a label says: a webhook may otherwise call for a whole channel.
 * - It drops no repeats. `props.tocsin_page` is made from the effect's id.
 */
import * as z from 'zod';
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { Answer } from '../exchange.ts';
import { parsedJson } from '../parsed-json.ts';
import { secretAddressChannel } from '../secret-address-channel.ts';
import { digestMessage, pageMessage } from './message.ts';

const maxAnswerBytes = 16 * 1024;

/** Mattermost names what is wrong: `web.incoming_webhook.channel.app_error`. */
const refused = z.object({ id: z.string().regex(/^[a-z_.]{1,100}$/) });

const whatToDo: Readonly<Record<string, string>> = {
  'web.incoming_webhook.invalid.app_error': 'the webhook was deleted; add one again, and store its URL as the secret',
  'web.incoming_webhook.channel.app_error': 'its channel is gone; make a webhook for another one',
  'web.incoming_webhook.channel_locked.app_error': 'the webhook is locked to another channel',
  'web.incoming_webhook.permissions.app_error': 'let the creator of the webhook post in its channel',
  'web.incoming_webhook.disabled.app_error': 'an administrator of the server has disabled incoming webhooks',
};

function advice({ text }: Answer): string {
  const id = refused.safeParse(parsedJson(text)).data?.id;
  if (id === undefined) return 'check that the secret holds the URL of an incoming webhook (docs/mattermost.md)';
  return `Mattermost says ${id}: ${whatToDo[id] ?? 'see docs/mattermost.md'}`;
}

export const openChannel = ({ secrets }: Outside): Channel<'mattermost'> => mattermostChannel({ secrets });

export function mattermostChannel({
  secrets,
  timeoutMs = 10_000,
}: {
  secrets: Secrets;
  timeoutMs?: number;
}): Channel<'mattermost'> {
  return secretAddressChannel(secrets, {
    name: 'Mattermost webhook',
    timeoutMs,
    maxBytes: maxAnswerBytes,
    readsRefusals: true,
    page: pageMessage,
    digest: digestMessage,
    advice,
  });
}
