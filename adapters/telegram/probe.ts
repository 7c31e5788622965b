import * as z from 'zod';
import type { ContactProbes, Probed } from '../../app/ports/probe.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut } from '../../core/vocabulary/text.ts';
import { distinctContacts } from '../distinct-contacts.ts';
import { call } from './call.ts';

const timeoutMs = 5000;
const bot = z.object({ result: z.object({ username: z.string() }) });
const place = z.object({ result: z.object({ type: z.string(), title: z.string().optional(), username: z.string().optional() }) });

/** Asks Telegram who the bot is, and what chat it is to post in; posts nothing. */
export const telegramProbes =
  (apiUrl?: string): ContactProbes<'telegram'> =>
  (contacts, { secrets }) =>
    distinctContacts(contacts).map(([what, { token, chat }]) => ({
      what,
      todo: 'docs/telegram.md says how to set it up',
      async run(): Promise<Probed> {
        const options = { secrets, timeoutMs, ...(apiUrl === undefined ? {} : { apiUrl }) };
        const who = bot.parse(await call(options, token, 'getMe', {})).result.username;
        const { type, title, username = chat } = place.parse(await call(options, token, 'getChat', { chat_id: chat })).result;
        const found = `the bot @${who} knows the ${type} "${title ?? username}"; only a message would show whether it may post there`;
        return { state: 'ok', found: cut(oneLine(found), 300) };
      },
    }));

export const contactProbes = telegramProbes();
