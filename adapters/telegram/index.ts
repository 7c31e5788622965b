/**
 * Pages in a chat of Telegram, by a bot (Bot API).
 *
 * - The token is part of each address, and stands in no error.
 * - A message is changed in place, without a sound, once somebody acknowledges or the incident
 *   ends.
 * - 429 says in its body how long to wait, in seconds.
 * - Telegram drops no repeats. The last line is made from the effect's id.
 */
import * as z from 'zod';
import type { Channel } from '../../app/ports/channel.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { TelegramContact } from '../../core/response/contacts/kinds/telegram.ts';
import { call, type TelegramOptions } from './call.ts';
import { digestMessage, pageMessage, type TelegramMessage } from './message.ts';

const taken = z.object({ result: z.object({ message_id: z.int() }) });

export const openChannel = ({ secrets }: Outside): Channel<'telegram'> => telegramChannel({ secrets });

export function telegramChannel(options: TelegramOptions): Channel<'telegram'> {
  async function post({ token, chat, topic }: TelegramContact, message: TelegramMessage): Promise<string | undefined> {
    const place = { chat_id: chat, ...(topic === undefined ? {} : { message_thread_id: topic }) };
    const answer = await call(options, token, 'sendMessage', { ...place, ...message });
    return taken.safeParse(answer).data?.result.message_id.toString();
  }

  return {
    async send(contact, page, key) {
      const id = await post(contact, pageMessage(page, key));
      return id === undefined ? {} : { providerId: id, ref: { kind: 'telegram', place: `${contact.token} ${contact.chat}`, id } };
    },
    async digest(contact, digest, key) {
      return { providerId: await post(contact, digestMessage(digest, key)) };
    },
    async update({ place, id }, page) {
      // A page that is still open keeps its link that acknowledges, which an update does not have.
      if (page.status === 'triggered') return;
      const [token = '', chat] = place.split(' ');
      await call(options, token, 'editMessageText', { chat_id: chat, message_id: Number(id), ...pageMessage(page) });
    },
  };
}
