import { afterEach, describe, expect, it } from 'vitest';
import { googleChatChannel } from '../../adapters/google-chat/index.ts';
import type { GoogleChatMessage } from '../../adapters/google-chat/message.ts';
import { contactKey, contactText } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { errorsOf } from '../config/errors-of.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const path = '/v1/spaces/AAA/messages';
const query = '?key=a-public-key&token=a-secret-token';
const contact = { kind: 'googleChat', address: 'GOOGLE_CHAT_WEBHOOK' } as const;
const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

type Posted = GoogleChatMessage & { inThread: string };

/** What is read of the markup of cards, or undefined where it is broken. */
function readOf(text: string): string | undefined {
  const bare = text.replace(/<\/?(b|font)( color="#[0-9a-f]{6}")?>/g, '');
  if (/[<>]|&(?!(amp|lt|gt);)/.test(bare)) return undefined;
  return bare.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

const paragraphsOf = ({ cardsV2: [{ card }] }: GoogleChatMessage): string[] =>
  card.sections.flatMap(({ widgets }) =>
    widgets.flatMap((widget) => ('textParagraph' in widget ? [widget.textParagraph.text] : [])),
  );
const linksOf = ({ cardsV2: [{ card }] }: GoogleChatMessage): { text: string; url: string }[] =>
  card.sections.flatMap(({ widgets }) =>
    widgets.flatMap((widget) =>
      'buttonList' in widget ? widget.buttonList.buttons.map(({ text, onClick }) => ({ text, url: onClick.openLink.url })) : [],
    ),
  );

async function googleChat() {
  let behaviour: Behaviour = 'well';
  const taken: Posted[] = [];
  const server = await standIn((request): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return { status: 404, body: `{"error":{"code":404,"message":"${query}","status":"NOT_FOUND"}}` };
    if (behaviour !== 'well')
      return { status: behaviour.status, ...(behaviour.retryAfter && { headers: { 'retry-after': behaviour.retryAfter } }) };
    const url = new URL(request.path, 'http://chat');
    if (url.pathname !== path || url.searchParams.get('token') !== 'a-secret-token') return { status: 401 };
    const message = JSON.parse(request.body) as GoogleChatMessage;
    if (Buffer.byteLength(request.body) > 32_000) return { status: 400 };
    if (paragraphsOf(message).some((text) => readOf(text) === undefined)) return { status: 400 };
    const replies = url.searchParams.get('messageReplyOption') === 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD';
    const inThread = (replies ? message.thread?.threadKey : undefined) ?? `new ${taken.length}`;
    taken.push({ ...message, inThread });
    return { body: JSON.stringify({ name: 'spaces/AAA/messages/1', thread: { name: 'spaces/AAA/threads/1' } }) };
  });
  toClose.push(server);
  const secrets = { get: async (name: string) => (name === 'GOOGLE_CHAT_WEBHOOK' ? `${server.url}${path}${query}` : undefined) };
  return {
    server,
    taken,
    channel: googleChatChannel({ secrets, timeoutMs: 2000 }),
    behave: (next: Behaviour) => {
      behaviour = next;
    },
  };
}

channelContract('Google Chat', async () => {
  const { server, taken, channel, behave } = await googleChat();
  return {
    channel,
    contact,
    behave,
    delivered: () =>
      taken.map((message) => ({
        text: [...paragraphsOf(message).map(readOf), ...linksOf(message).map(({ url }) => url)].join('\n'),
        key: message.cardsV2[0].cardId,
      })),
    close: server.close,
  };
});

async function sent(over: Partial<Page> = {}) {
  const opened = await googleChat();
  await opened.channel.send(contact, examplePage(over), 'k');
  const [message] = opened.taken;
  if (message === undefined) throw new Error('expected a card');
  return { ...opened, message };
}

describe('a card in Google Chat', () => {
  it('has its state in colour, buttons to press, the chart, and what a phone shows', async () => {
    const chart = { url: 'https://t.example/c.png', isPublic: true, alt: 'accuracy fell' };
    const { message } = await sent({ acknowledgeUrl: 'https://t.example/a/x', chart });
    expect(linksOf(message).map(({ text }) => text)).toEqual(['Acknowledge', 'Incident and timeline', 'Runbook']);
    expect(message.cardsV2[0].card.sections[0]?.widgets.at(-1)).toEqual({
      image: { imageUrl: chart.url, altText: 'accuracy fell' },
    });
    expect(message.fallbackText).toMatch(/^CRITICAL: Accuracy/);
    const [first] = paragraphsOf(message);
    expect(paragraphsOf((await sent({ status: 'resolved' })).message)[0]?.slice(0, 24)).not.toBe(first?.slice(0, 24));
  });

  it('is in the thread of its incident, and no other incident is', async () => {
    const { channel, taken } = await sent();
    await channel.send(contact, examplePage({ status: 'resolved' }), 'k2');
    await channel.send(contact, examplePage({ incidentUrl: 'https://t.example/incidents/inc-2' }), 'k3');
    const [first, second, other] = taken.map(({ inThread }) => inThread);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('reads nothing of a label as markup, and mentions nobody', async () => {
    const title = '<a href="https://evil.example">x</a> <users/all> &amp;';
    const { message } = await sent({ title, alerts: [exampleAlert({ title })] });
    expect(JSON.stringify(message.cardsV2)).not.toMatch(/<a |<users/);
    expect(message).not.toHaveProperty('text');
    expect(linksOf(message).some(({ url }) => url.includes('evil'))).toBe(false);
  });

  it.each(['&<>', '"\\'])('fits however much needs escaping (%s)', async (signs) => {
    const long = signs.repeat(20_000);
    const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels: { long } }));
    const { message } = await sent({ alerts, title: long, why: long, owner: long });
    expect(paragraphsOf(message).join()).toContain('/incidents/inc-0123456789');
  });

  it.each(['dead' as const, ...[400, 401, 403, 404, 413].map((status) => ({ status }))])(
    'that is refused (%j) says what to do, and not the address',
    async (behaviour) => {
      const { channel, behave, server } = await sent();
      behave(behaviour);
      const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
      expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/;/) });
      for (const text of [String(error), contactKey(contact), contactText(contact)])
        for (const part of ['a-secret-token', server.url]) expect(text).not.toContain(part);
    },
  );
});

it('the address of a webhook of Google Chat is the name of a secret', () => {
  const channel = (googleChat: string): string => `channels:\n  ml: { googleChat: ${googleChat} }\n`;
  expect(errorsOf(channel('GOOGLE_CHAT_WEBHOOK'))).toEqual([]);
  expect(errorsOf(channel('"https://chat.googleapis.com/v1/spaces/A/messages"')).length).toBeGreaterThan(0);
});
