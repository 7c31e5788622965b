/**
 * Pages in a space of Google Chat, by a webhook.
 *
 * - An incident is one thread, named by the address of the incident.
 * - A webhook cannot change what it posted: what happens to an incident comes as another card in
 *   its thread.
 * - It drops no repeats. The card's id is made from the effect's id.
 * - A space takes about one message a second, and answers 429 to more.
 */
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { secretAddressChannel } from '../secret-address-channel.ts';
import { digestMessage, pageMessage } from './message.ts';

const maxAnswerBytes = 256 * 1024;

const again = 'add a webhook to the space again, and store its whole URL as the secret';
const whatToDo: Readonly<Record<number, string>> = {
  400: 'it refuses this card, or the URL is cut: it ends with key and token (docs/google-chat.md)',
  401: again,
  403: `webhooks may be switched off for the organisation; otherwise ${again}`,
  404: `the space or its webhook is gone; ${again}`,
  413: 'it takes only shorter cards',
};

export const openChannel = ({ secrets }: Outside): Channel<'googleChat'> => googleChatChannel({ secrets });

export function googleChatChannel({
  secrets,
  timeoutMs = 10_000,
}: {
  secrets: Secrets;
  timeoutMs?: number;
}): Channel<'googleChat'> {
  return secretAddressChannel(secrets, {
    name: 'Google Chat webhook',
    timeoutMs,
    maxBytes: maxAnswerBytes,
    page: pageMessage,
    digest: digestMessage,
    advice: ({ status }) => whatToDo[status] ?? 'see docs/google-chat.md',
    // Without it Chat ignores the thread.
    addressed(url, { thread }) {
      if (thread !== undefined) url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
      return url;
    },
  });
}
