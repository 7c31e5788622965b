import { afterEach, describe, expect, it } from 'vitest';
import { telegramChannel } from '../../adapters/telegram/index.ts';
import type { TelegramMessage } from '../../adapters/telegram/message.ts';
import { telegramProbes } from '../../adapters/telegram/probe.ts';
import { contactKey, contactText } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { isPublicUrl } from '../../core/vocabulary/public-url.ts';
import { errorsOf } from '../config/errors-of.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const token = '123456:a-secret-token';
const contact = { kind: 'telegram', token: 'TELEGRAM_TOKEN', chat: '-100', topic: 7 } as const;
const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

type Sent = TelegramMessage & { chat_id: string; message_thread_id?: number; message_id?: number };

/** What is read of HTML, or undefined where Telegram "can't parse entities". */
function readOf(text: string): string | undefined {
  const bare = text.replace(/<\/?[bi]>/g, '');
  if (/[<>]|&(?!(amp|lt|gt|quot);)/.test(bare)) return undefined;
  return bare.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function faultOf({ chat_id, text, reply_markup }: Sent): string | undefined {
  const read = readOf(text);
  if (chat_id !== '-100') return 'Bad Request: chat not found';
  if (read === undefined) return "Bad Request: can't parse entities";
  if (read.length > 4096) return 'Bad Request: message is too long';
  if (!(reply_markup?.inline_keyboard ?? []).flat().every(({ url }) => isPublicUrl(url)))
    return 'Bad Request: inline keyboard button URL is invalid';
  return undefined;
}

const refusal = (error_code: number, description: string, parameters?: object): Answer => ({
  status: error_code,
  body: JSON.stringify({ ok: false, error_code, description, parameters }),
});
const result = (answer: object): Answer => ({ body: JSON.stringify({ ok: true, result: answer }) });

async function telegram() {
  let behaviour: Behaviour | { moved: number } = 'well';
  const messages = new Map<number, Sent>();
  const server = await standIn((request): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return refusal(403, `Forbidden: bot ${token} was kicked from the group chat`);
    if (typeof behaviour === 'object' && 'moved' in behaviour)
      return refusal(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: behaviour.moved });
    if (behaviour !== 'well') {
      const { status, retryAfter } = behaviour;
      return refusal(status, 'busy', retryAfter === undefined ? undefined : { retry_after: Number(retryAfter) });
    }
    const [, secret, method] = request.path.split('/');
    if (secret !== `bot${token}`) return refusal(401, 'Unauthorized');
    const body = JSON.parse(request.body) as Sent;
    if (method === 'getMe') return result({ id: 1, is_bot: true, username: 'tocsin_bot' });
    if (method === 'getChat')
      return body.chat_id === '-100'
        ? result({ id: -100, type: 'supergroup', title: 'ML' })
        : refusal(400, 'Bad Request: chat not found');
    const fault = faultOf(body);
    if (fault !== undefined) return refusal(400, fault);
    if (method === 'editMessageText' && !messages.has(body.message_id ?? 0))
      return refusal(400, 'Bad Request: message to edit not found');
    const message_id = method === 'editMessageText' ? (body.message_id ?? 0) : messages.size + 1;
    messages.set(message_id, body);
    return result({ message_id });
  });
  toClose.push(server);
  const secrets = { get: async (name: string) => (name === 'TELEGRAM_TOKEN' ? `${token}\n` : undefined) };
  return {
    server,
    messages,
    secrets,
    channel: telegramChannel({ secrets, timeoutMs: 2000, apiUrl: server.url }),
    behave: (next: typeof behaviour) => {
      behaviour = next;
    },
  };
}

channelContract('Telegram', async () => {
  const { server, messages, channel, behave } = await telegram();
  return {
    channel,
    contact,
    behave,
    delivered: () =>
      [...messages.values()].map(({ text }) => ({ text: readOf(text) ?? '', key: /page ([0-9a-f]{12})/.exec(text)?.[1] })),
    close: server.close,
  };
});

async function sent(over: Partial<Page> = {}) {
  const opened = await telegram();
  const { ref } = await opened.channel.send(contact, examplePage(over), 'k');
  const message = opened.messages.get(1);
  if (message === undefined || ref === undefined) throw new Error('expected a message, and where it is');
  return { ...opened, ref, message };
}
const at = (path: string): string => `https://t.example${path}`;
const links = { acknowledgeUrl: at('/a/x'), incidentUrl: at('/i'), runbookUrl: at('/r') };

describe('a message in Telegram', () => {
  it('has buttons to press, and shows the chart', async () => {
    const chart = { url: at('/c.png'), isPublic: true, alt: 'accuracy fell' };
    const { message } = await sent({ ...links, chart });
    expect(message.message_thread_id).toBe(7);
    expect(message.reply_markup?.inline_keyboard.flat().map(({ text }) => text)).toEqual([
      'Acknowledge',
      'Incident and timeline',
      'Runbook',
    ]);
    expect(message.text).not.toContain(links.acknowledgeUrl);
    expect(message.link_preview_options).toEqual({ url: chart.url, prefer_large_media: true });
  });

  it('has its links in the text where Telegram takes no button for them', async () => {
    const acknowledgeUrl = 'http://127.0.0.1:4319/a/x';
    const { message } = await sent({ acknowledgeUrl });
    expect(message.reply_markup).toBeUndefined();
    expect(message.text).toContain(acknowledgeUrl);
    expect(message.link_preview_options).toEqual({ is_disabled: true });
  });

  it('reads nothing of a label as markup, and mentions nobody', async () => {
    const title = '<a href="https://evil.example">x</a> @ana &amp;';
    const { message } = await sent({ title, alerts: [exampleAlert({ title })] });
    expect(message.text).not.toMatch(/<a |@ana/);
    expect(readOf(message.text)).toContain('<a href="https://evil.example">');
  });

  it('is changed in place once somebody acknowledges, and keeps its buttons until then', async () => {
    const { channel, ref, messages, message } = await sent(links);
    await channel.update?.(ref, examplePage());
    expect(messages.get(1)).toEqual(message);
    await channel.update?.(ref, examplePage({ status: 'acknowledged', acknowledgedBy: 'responder/ana' }));
    expect(messages.size).toBe(1);
    expect(messages.get(1)?.text).toContain('acknowledged by');
  });

  it('fits however much needs escaping', async () => {
    const long = '&<@>'.repeat(20_000);
    const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels: { long } }));
    const { messages, message } = await sent({ alerts, title: long, why: long, owner: long });
    expect(messages.size).toBe(1);
    expect(message.text).toContain('/incidents/inc-0123456789');
  });

  it('says the new number of a group that has another one', async () => {
    const { channel, behave } = await sent();
    behave({ moved: -100777 });
    await expect(channel.send(contact, examplePage(), 'k')).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('set chat to -100777'),
    });
  });

  it.each(['dead' as const, ...[400, 401, 403, 404].map((status) => ({ status }))])(
    'that is refused (%j) says what to do, and not the token',
    async (behaviour) => {
      const { channel, behave, server } = await sent();
      behave(behaviour);
      const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
      expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/;/) });
      for (const text of [String(error), contactKey(contact), contactText(contact)])
        for (const part of ['a-secret-token', server.url]) expect(text).not.toContain(part);
    },
  );

  it('calls nobody where the secret holds no token, which would be another address', async () => {
    const { server } = await sent();
    const channel = telegramChannel({ secrets: { get: async () => '../../x' }, apiUrl: server.url });
    const before = server.received.length;
    await expect(channel.send(contact, examplePage(), 'k')).rejects.toMatchObject({ retryable: false });
    expect(server.received).toHaveLength(before);
  });
});

describe('the check of a bot of Telegram', () => {
  const run = async (chat: string) => {
    const { secrets, server, messages } = await telegram();
    const [probe] = telegramProbes(server.url)([{ ...contact, chat }], { secrets, config: {} as never }, 0);
    const found = await probe?.run();
    expect(messages.size).toBe(0);
    return found;
  };
  it('says who it is and what the chat is, and posts nothing', async () => {
    expect(await run('-100')).toMatchObject({ state: 'ok', found: expect.stringMatching(/@tocsin_bot .*"ML"/) });
  });
  it('fails where the bot is not in the chat', async () => {
    await expect(run('-200')).rejects.toMatchObject({ message: expect.stringContaining('chat not found') });
  });
});

it('a contact of Telegram has a chat by number or name, and a secret', () => {
  const channel = (written: string): string => `channels:\n  ml: { telegram: { ${written} } }\n`;
  for (const chat of ['-1001234567890', '"-100"', '"@acme_status"'])
    expect(errorsOf(channel(`token: TELEGRAM_TOKEN, chat: ${chat}`))).toEqual([]);
  for (const wrong of ['token: TELEGRAM_TOKEN', 'token: "123:abc", chat: 1', 'token: TELEGRAM_TOKEN, chat: ml'])
    expect(errorsOf(channel(wrong)).length).toBeGreaterThan(0);
});
