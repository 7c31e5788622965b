import * as z from 'zod';
import { secretName } from '../../../vocabulary/schema-parts.ts';
import { text, whole } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/**
 * `token`: the name of the secret with the token of a bot. `chat`: a number, or the `@name` of a
 * public channel. `topic`: of a group that has topics.
 */
export type TelegramContact = { kind: 'telegram'; token: string; chat: string; topic?: number | undefined };

const written = z
  .strictObject({
    token: secretName.describe('Name of the secret with the token of the bot (123456:ABC...).'),
    chat: z
      .union([
        z.int(),
        z.string().regex(/^(-?\d{1,20}|@\w{4,40})$/, {
          error: 'expected the number of a chat, such as -1001234567890, or the @name of a public channel',
        }),
      ])
      .describe('The chat: its number (of groups and channels it is negative), or the @name of a public channel.'),
    topic: z.int().min(1).optional().describe('Number of a topic of the group (message_thread_id).'),
  })
  .describe('A chat of Telegram, in which a bot posts.');

export const telegramContact = {
  input: written,
  fromInput: ({ token, chat, topic }) => ({
    kind: 'telegram',
    token,
    chat: String(chat),
    ...(topic === undefined ? {} : { topic }),
  }),
  stored: z.object({ kind: z.literal('telegram'), token: text, chat: text, topic: whole.optional() }),
  key: ({ token, chat, topic }) => `telegram:${token}/${chat}${topic === undefined ? '' : `/${topic}`}`,
  // Telegram limits each bot.
  receiver: ({ token }) => `telegram ${token}`,
  text: ({ token, chat, topic }) =>
    `telegram ${chat}${topic === undefined ? '' : `, topic ${topic}`}, by the bot whose token is in ${token}`,
  disturbsSame: (a, b) => a.chat === b.chat && a.topic === b.topic,
  secrets: (contacts) => contacts.map(({ token }) => token),
  permissions: () => [],
  missing: () => undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<TelegramContact, typeof written>;
