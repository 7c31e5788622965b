import * as z from 'zod';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut } from '../../core/vocabulary/text.ts';
import { parsedJson } from '../parsed-json.ts';
import { delivered, deliveryToken, jsonHeaders } from '../vendor-post.ts';

const maxAnswerBytes = 256 * 1024;
const maxQuoted = 200;

export type TelegramOptions = {
  secrets: Secrets;
  timeoutMs?: number;
  /** A stand-in in place of api.telegram.org. */
  apiUrl?: string;
};

const refused = z.object({
  description: z.string().prefault(''),
  parameters: z
    .object({ retry_after: z.int().min(0).max(86_400).optional(), migrate_to_chat_id: z.int().optional() })
    .prefault({}),
});

const whatToDo: Readonly<Record<number, string>> = {
  400: 'check the chat and topic of the contact, and that the bot is in that chat',
  401: 'the token was revoked; store the one that @BotFather shows',
  403: 'let the bot into the chat again, and let it post; a person has to write to it first',
  404: 'the token is none; store the one that @BotFather shows',
};

/**
 * One call of the Bot API; gives its whole answer. Throws DeliveryError, without the token, which
 * is in the address. `token`: the name of its secret.
 */
export async function call(
  { secrets, timeoutMs = 10_000, apiUrl = 'https://api.telegram.org' }: TelegramOptions,
  token: string,
  method: 'sendMessage' | 'editMessageText' | 'getMe' | 'getChat',
  body: object,
): Promise<unknown> {
  const to = `Telegram bot ${token}`;
  const value = await deliveryToken(secrets, token, to);
  if (!/^\d+:[\w-]+$/.test(value)) {
    throw new DeliveryError(
      `${to}: expected the secret ${token} to hold a token (123456:ABC...); received something else; store the one that @BotFather shows`,
      {
        retryable: false,
      },
    );
  }
  const { text } = await delivered(
    to,
    new URL(`/bot${value}/${method}`, apiUrl),
    { headers: jsonHeaders, body: JSON.stringify(body), timeoutMs, maxBytes: maxAnswerBytes, readsRefusals: true, waitIn },
    ({ status, text }) => {
      const { description = '', parameters } = refused.safeParse(parsedJson(text)).data ?? {};
      const moved = parameters?.migrate_to_chat_id;
      const todo =
        moved === undefined ? (whatToDo[status] ?? 'see docs/telegram.md') : `the group has a new number; set chat to ${moved}`;
      const said = cut(oneLine(description.replaceAll(value, '(the token)')), maxQuoted);
      return `${said === '' ? '' : `it says: ${said}; `}${todo}`;
    },
  );
  return parsedJson(text);
}

function waitIn(text: string): number | undefined {
  const seconds = refused.safeParse(parsedJson(text)).data?.parameters.retry_after;
  return seconds === undefined ? undefined : seconds * 1000;
}
