import { afterEach, describe, expect, it } from 'vitest';
import { discordChannel } from '../../adapters/discord/index.ts';
import type { DiscordMessage } from '../../adapters/discord/message.ts';
import { contactProbes } from '../../adapters/discord/probe.ts';
import { contactKey, contactText } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { errorsOf } from '../config/errors-of.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const path = '/api/webhooks/123/a-secret-token';
const contact = { kind: 'discord', address: 'DISCORD_WEBHOOK' } as const;
const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

/** The limits of Discord's documentation of messages and embeds. */
function isTaken(body: string): boolean {
  const { content, embeds, allowed_mentions } = JSON.parse(body) as DiscordMessage;
  const lengths = embeds.map(({ description, footer }) => description.length + (footer?.text.length ?? 0));
  return (
    content.length <= 2000 &&
    embeds.length <= 10 &&
    embeds.every(({ description }) => description.length <= 4096) &&
    lengths.reduce((sum, one) => sum + one, 0) <= 6000 &&
    allowed_mentions.parse.length === 0 &&
    content.isWellFormed()
  );
}

async function discord({ query = '' } = {}) {
  let behaviour: Behaviour = 'well';
  const messages = new Map<string, DiscordMessage>();
  const server = await standIn((request): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return { status: 404, body: '{"message":"Unknown Webhook","code":10015}' };
    if (behaviour !== 'well') {
      const retry_after = behaviour.retryAfter === undefined ? undefined : Number(behaviour.retryAfter);
      return { status: behaviour.status, body: JSON.stringify({ message: 'busy', retry_after, global: false }) };
    }
    const url = new URL(request.path, 'http://discord');
    const thread = url.searchParams.get('thread_id');
    if (!url.pathname.startsWith(path)) return { status: 404 };
    if (query !== '' && thread !== '7') return { status: 400 };
    if (request.method === 'GET')
      return { body: JSON.stringify({ id: '123', name: 'Pages', channel_id: '9', token: 'a-secret-token' }) };
    if (!isTaken(request.body)) return { status: 400, body: '{"code":50035,"message":"Invalid Form Body"}' };
    const message = JSON.parse(request.body) as DiscordMessage;
    if (request.method === 'POST' && url.pathname === path) {
      const id = String(messages.size + 1);
      messages.set(id, message);
      return url.searchParams.get('wait') === 'true' ? { body: JSON.stringify({ id, ...message }) } : { status: 204 };
    }
    const id = url.pathname.slice(`${path}/messages/`.length);
    if (request.method !== 'PATCH' || !messages.has(id)) return { status: 404 };
    messages.set(id, message);
    return { body: JSON.stringify({ id, ...message }) };
  });
  toClose.push(server);
  const secrets = { get: async (name: string) => (name === 'DISCORD_WEBHOOK' ? `${server.url}${path}${query}` : undefined) };
  return {
    server,
    messages,
    secrets,
    channel: discordChannel({ secrets, timeoutMs: 2000 }),
    behave: (next: Behaviour) => {
      behaviour = next;
    },
  };
}

channelContract('Discord', async () => {
  const { server, messages, channel, behave } = await discord();
  return {
    channel,
    contact,
    behave,
    delivered: () =>
      [...messages.values()].map((message) => ({
        // As it is shown: escapes are not.
        text: `${message.content}\n${message.embeds[0].description}`.replace(/\\([^\w\s])/g, '$1'),
        key: message.embeds[0].footer?.text,
      })),
    close: server.close,
  };
});

async function sent(over: Partial<Page> = {}) {
  const opened = await discord();
  const { ref } = await opened.channel.send(contact, examplePage(over), 'k');
  const message = opened.messages.get('1');
  if (message === undefined || ref === undefined) throw new Error('expected a message, and where it is');
  return { ...opened, ref, message, embed: message.embeds[0] };
}

describe('a message in Discord', () => {
  it('has its state in colour, links to press, and the chart', async () => {
    const acknowledgeUrl = 'https://t.example/a/x_(1)';
    const chart = { url: 'https://t.example/c.png', isPublic: true, alt: 'accuracy fell' };
    const { embed } = await sent({ acknowledgeUrl, chart });
    expect(embed.description).toMatch(/^\[Acknowledge\]\(https:\/\/t\.example\/a\/x_%281%29\) · \[Incident and timeline\]\(/);
    expect(embed.image).toEqual({ url: chart.url });
    expect((await sent({ status: 'resolved' })).embed.color).not.toBe(embed.color);
    expect((await sent({ chart: { ...chart, isPublic: false } })).embed.image).toBeUndefined();
  });

  it('reads nothing of a label as Markdown, and mentions nobody', async () => {
    const title = '[click](https://evil.example) **now** @everyone <@1>';
    const { message } = await sent({ title, alerts: [exampleAlert({ title })] });
    expect(message.allowed_mentions).toEqual({ parse: [] });
    for (const text of [message.content, message.embeds[0].description]) {
      expect(text).not.toMatch(/(?<!\\)\[click/);
      expect(text).not.toContain('@everyone');
      expect(text).not.toMatch(/(?<!\\)<@/);
    }
  });

  it('is changed in place once somebody acknowledges, and keeps its links until then', async () => {
    const { channel, ref, messages, message } = await sent();
    await channel.update?.(ref, examplePage());
    expect(messages.get('1')).toEqual(message);
    await channel.update?.(ref, examplePage({ status: 'acknowledged', acknowledgedBy: 'responder/ana' }));
    expect(messages.size).toBe(1);
    expect(messages.get('1')?.content).toContain('acknowledged by');
  });

  it('stays in its thread, also when it is changed', async () => {
    const { channel, messages } = await discord({ query: '?thread_id=7' });
    const { ref } = await channel.send(contact, examplePage(), 'k');
    if (ref === undefined) throw new Error('expected where it is');
    await channel.update?.(ref, examplePage({ status: 'resolved' }));
    expect(messages.get('1')?.content).toContain('resolved');
  });

  it('fits however much needs escaping', async () => {
    const long = '*_[](`~'.repeat(20_000);
    const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels: { long } }));
    const { embed, messages } = await sent({ alerts, title: long, why: long, owner: long });
    expect(messages.size).toBe(1);
    expect(embed.description).toContain('/incidents/inc-0123456789');
  });

  it('waits for the fraction of a second that a busy Discord asks for', async () => {
    const { channel, behave } = await sent();
    behave({ status: 429, retryAfter: '0.3' });
    const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 300 });
  });

  it.each([400, 401, 403, 404])('that is refused with %i says what to do, and not the address', async (status) => {
    const { channel, behave, server } = await sent();
    behave({ status });
    const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/;/) });
    for (const text of [String(error), contactKey(contact), contactText(contact)])
      for (const part of ['a-secret-token', server.url]) expect(text).not.toContain(part);
  });
});

describe('the check of a webhook of Discord', () => {
  const run = async (behaviour: Behaviour) => {
    const { secrets, behave, messages } = await discord();
    behave(behaviour);
    const [probe] = contactProbes([contact], { secrets, config: {} as never }, 0);
    const found = await probe?.run();
    expect(messages.size).toBe(0);
    expect(JSON.stringify(found)).not.toContain('a-secret-token');
    return found;
  };
  it('says which webhook it is, and posts nothing', async () => {
    expect(await run('well')).toMatchObject({ state: 'ok', found: expect.stringContaining('Pages') });
  });
  it('fails where the webhook was deleted', async () => {
    expect(await run('dead')).toMatchObject({ state: 'failed', todo: expect.stringContaining('DISCORD_WEBHOOK') });
  });
});

it('the address of a webhook of Discord is the name of a secret', () => {
  const channel = (discord: string): string => `channels:\n  ml: { discord: ${discord} }\n`;
  expect(errorsOf(channel('DISCORD_WEBHOOK'))).toEqual([]);
  expect(errorsOf(channel('"https://discord.com/api/webhooks/1/x"')).length).toBeGreaterThan(0);
});
