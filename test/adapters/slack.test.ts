import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageBlocks, pageFallback } from '../../adapters/slack/blocks.ts';
import { messageId, slackChannel } from '../../adapters/slack/index.ts';
import { mrkdwn, plain } from '../../adapters/slack/mrkdwn.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, exampleHeld, examplePage } from '../contract/example-page.ts';
import { type Answer, standIn } from '../contract/stand-in.ts';

const json = (body: object, more: { status?: number; headers?: Record<string, string> } = {}): Answer => ({
  ...more,
  headers: { 'content-type': 'application/json', ...more.headers },
  body: JSON.stringify(body),
});

type Block = { type: string; text?: { text: string }; fields?: { text: string }[]; elements?: Record<string, unknown>[] };

/** Slack's own limits, checked as Slack would; undefined when the message may be posted. */
function tooLong(blocks: Block[]): string | undefined {
  if (blocks.length > 50) return 'more than 50 blocks';
  for (const { type, text, fields, elements } of blocks) {
    if (type === 'header' && (text?.text ?? '').length > 150) return 'header';
    if (type === 'section' && text !== undefined && (text.text.length > 3000 || text.text === '')) return 'section';
    if (fields !== undefined && (fields.length > 10 || fields.some((field) => field.text.length > 2000))) return 'fields';
    if ((elements?.length ?? 0) > 25) return 'elements';
  }
  return undefined;
}

async function openSlack() {
  let behaviour: Behaviour = 'well';
  const posts: { text: string; key: string | undefined }[] = [];
  const server = await standIn((request) => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return json({ ok: false, error: 'channel_not_found' });
    if (behaviour !== 'well') {
      return {
        status: behaviour.status,
        headers: behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter },
      };
    }
    const form = new URLSearchParams(request.body);
    const blocks = JSON.parse(form.get('blocks') ?? '[]') as Block[];
    const long = tooLong(blocks);
    if (long !== undefined) return json({ ok: false, error: 'invalid_blocks', response_metadata: { messages: [long] } });
    posts.push({ text: `${form.get('text')}\n${form.get('blocks')}`, key: form.get('client_msg_id') ?? undefined });
    return json({ ok: true, channel: 'C0123', ts: '1767603630.000100' });
  });
  const channel = slackChannel({ token: async () => 'xoxb-example', apiUrl: `${server.url}/api`, timeoutMs: 2000 });
  return {
    server,
    channel,
    contact: { kind: 'slack' as const, channel: 'C0123' },
    behave: (next: Behaviour) => {
      behaviour = next;
    },
    delivered: () => posts,
    close: server.close,
  };
}

channelContract('Slack', openSlack);

/** One answer of Slack to one call. */
async function withAnswer<T>(
  answer: Answer,
  use: (channel: ReturnType<typeof slackChannel>, server: Awaited<ReturnType<typeof standIn>>) => Promise<T>,
): Promise<T> {
  const server = await standIn(() => answer);
  try {
    return await use(slackChannel({ token: async () => 'xoxb-example', apiUrl: server.url, timeoutMs: 50 }), server);
  } finally {
    await server.close();
  }
}

const send = (channel: ReturnType<typeof slackChannel>) =>
  channel.send({ kind: 'slack', channel: 'C0123' }, examplePage(), 'inc-1#1#0');

describe('the chart of a page in Slack', () => {
  const chart = { url: 'https://t.example/c/x.png', isPublic: true, alt: 'Chart of accuracy' };
  const ref = { kind: 'slack', place: 'C0123', id: '1.2' } as const;
  const picturesIn = (body: string): unknown[] =>
    (JSON.parse(new URLSearchParams(body).get('blocks') ?? '[]') as Block[]).filter(({ type }) => type === 'image');
  const taken = json({ ok: true, channel: 'C0123', ts: '1.2' });

  it('comes by an update, so that the page does not wait for it', async () => {
    await withAnswer(taken, async (channel, server) => {
      const sent = await channel.send({ kind: 'slack', channel: 'C0123' }, examplePage({ chart }), 'k');
      expect(sent).toMatchObject({ ref, lacksChart: true });
      await channel.update?.(ref, examplePage({ chart }));
      const [posted, updated] = server.received.map(({ body }) => picturesIn(body));
      expect(posted).toEqual([]);
      expect(updated).toEqual([{ type: 'image', image_url: chart.url, alt_text: chart.alt }]);
    });
  });

  it('is not asked for where Slack cannot fetch it, or an update would lose the pages that came along', async () => {
    await withAnswer(taken, async (channel, server) => {
      for (const page of [
        examplePage(),
        examplePage({ chart: { ...chart, isPublic: false } }),
        examplePage({ chart, held: [exampleHeld()] }),
      ])
        expect(await channel.send({ kind: 'slack', channel: 'C0123' }, page, 'k')).not.toHaveProperty('lacksChart');
      await channel.update?.(ref, examplePage({ chart: { ...chart, isPublic: false } }));
      for (const { body } of server.received) expect(picturesIn(body)).toEqual([]);
    });
  });

  it('is left out where Slack does not get it: what the message says is brought up to date all the same', async () => {
    const bodies: string[] = [];
    const server = await standIn(({ body }) => {
      bodies.push(body);
      return picturesIn(body).length > 0 ? json({ ok: false, error: 'invalid_blocks' }) : taken;
    });
    const channel = slackChannel({ token: async () => 'xoxb-example', apiUrl: server.url });
    await channel.update?.(ref, examplePage({ chart }));
    expect(bodies.map((body) => picturesIn(body).length)).toEqual([1, 0]);
    await server.close();
  });
});

describe('the Slack channel', () => {
  it('posts with the bot token, and returns where the message is', async () => {
    await withAnswer(json({ ok: true, channel: 'C0999', ts: '1.2' }), async (channel, server) => {
      const ref = { kind: 'slack', place: 'C0999', id: '1.2' };
      expect(await send(channel)).toEqual({ ref, providerId: '1.2' });
      expect(server.received[0]).toMatchObject({ method: 'POST', path: '/chat.postMessage' });
      expect(server.received[0]?.headers['authorization']).toBe('Bearer xoxb-example');
      const form = new URLSearchParams(server.received[0]?.body);
      expect(form.get('client_msg_id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(JSON.parse(form.get('metadata') ?? '')).toMatchObject({ event_payload: { key: 'inc-1#1#0' } });
    });
  });

  it('updates a message in place', async () => {
    await withAnswer(json({ ok: true, channel: 'C0999', ts: '1.2' }), async (channel, server) => {
      await channel.update?.({ kind: 'slack', place: 'C0999', id: '1.2' }, examplePage({ status: 'resolved' }));
      const form = new URLSearchParams(server.received[0]?.body);
      expect(server.received[0]?.path).toBe('/chat.update');
      expect([form.get('channel'), form.get('ts')]).toEqual(['C0999', '1.2']);
      expect(form.get('blocks')).toContain('✅');
    });
  });

  it.each([
    ['invalid_auth', false, /bot token/],
    ['is_archived', false, /unarchive/],
    ['not_in_channel', false, /invite/],
    ['missing_scope', false, /slack\/manifest.yaml/],
    ['something_new', false, /something_new/],
    ['internal_error', true, /internal_error/],
    ['ratelimited', true, /ratelimited/],
  ])('takes %s for retryable: %s', async (error, retryable, message) => {
    await withAnswer(json({ ok: false, error }), async (channel) => {
      await expect(send(channel)).rejects.toMatchObject({
        name: 'DeliveryError',
        retryable,
        message: expect.stringMatching(message),
      });
    });
  });

  it('asks for a retry when Slack does not answer in time, or is rate limited without saying how long', async () => {
    await withAnswer('hang', (channel) => expect(send(channel)).rejects.toMatchObject({ retryable: true, timedOut: true }));
    await withAnswer({ status: 429 }, (channel) =>
      expect(send(channel)).rejects.toMatchObject({ retryable: true, timedOut: false }),
    );
  });

  it('counts a message as sent that Slack took without saying where it is', async () => {
    await withAnswer(json({ ok: true }), async (channel) => expect(await send(channel)).toEqual({}));
  });

  it('asks for the token at each call, refuses for good without one, and never shows it', async () => {
    let token: string | undefined = 'xoxb-old';
    const server = await standIn(() => json({ ok: false, error: 'token_revoked' }));
    const channel = slackChannel({ token: async () => token, apiUrl: server.url });
    const errors = [await send(channel).catch(String)];
    token = 'xoxb-new';
    errors.push(await send(channel).catch(String));
    token = undefined;
    await expect(send(channel)).rejects.toMatchObject({ retryable: false, message: expect.stringMatching(/no bot token; set/) });
    expect(server.received.map(({ headers }) => headers['authorization'])).toEqual(['Bearer xoxb-old', 'Bearer xoxb-new']);
    expect(errors.join()).not.toMatch(/xoxb-(old|new)/);
    await server.close();
  });

  it('may be tried again when the place of secrets does not answer', async () => {
    const channel = slackChannel({ token: () => Promise.reject(new Error('throttled')) });
    await expect(send(channel)).rejects.toMatchObject({ name: 'DeliveryError', retryable: true });
  });

  it('makes the same UUID of the same key', () => {
    expect(messageId('a')).toBe(messageId('a'));
    expect(messageId('a')).not.toBe(messageId('b'));
  });
});

describe('the layout of a Slack message', () => {
  const text = (page = examplePage()) => JSON.stringify(pageBlocks(page));
  const actions = (page = examplePage()) =>
    pageBlocks(page).flatMap((block) =>
      block.type === 'actions' ? block.elements.map((e) => ('action_id' in e ? e.action_id : '')) : [],
    );

  it('shows value against baseline, degradation, bound and since when', () => {
    const expected = 'value 0.71, 11.3% worse than the baseline 0.8 (median of 40 points over 1d), critical bound 0.72';
    expect(text()).toContain(expected);
    expect(text()).toContain('<!date^1767600030^{date_short_pretty} {time_secs}|2026-01-05 08:00:30 UTC>');
    expect(pageFallback(examplePage())).toContain(expected);
  });

  it('offers the buttons that make sense, each with the incident', () => {
    expect(actions()).toEqual(['tocsin.acknowledge', 'tocsin.resolve', 'tocsin.escalate', 'tocsin.rollback']);
    expect(actions(examplePage({ status: 'acknowledged', rollback: undefined }))).toEqual(['tocsin.resolve', 'tocsin.escalate']);
    expect(actions(examplePage({ status: 'resolved' }))).toEqual([]);
  });

  it('asks once more before it rolls back, saying what it would do', () => {
    expect(text()).toContain('flight-delays: offered: return from 2 to 1');
  });

  it('says what was held back and how many alerts it does not show', () => {
    const shown = text(examplePage({ held: [exampleHeld(), exampleHeld({ severity: 'warn' })], alertCount: 12 }));
    expect(shown).toContain('Held back until now: 2 other pages, 1 critical');
    expect(shown).toContain('and 11 more alerts');
  });

  it('tells severities and states apart at a glance', () => {
    expect(text()).toContain('🔴');
    expect(text(examplePage({ severity: 'warn', alerts: [] }))).toContain('🟠');
    expect(text(examplePage({ status: 'acknowledged', acknowledgedBy: 'responder/ana' }))).toContain(
      'acknowledged by responder/ana',
    );
  });

  it('cannot be made to mention everyone or to link elsewhere by a label or title', () => {
    const bad = '<!channel> <https://evil.example|click> `code`';
    const page = examplePage({
      title: bad,
      why: bad,
      alerts: [exampleAlert({ title: bad, reason: bad, labels: { a: bad } })],
      held: [exampleHeld({ title: bad, why: bad })],
    });
    const mrkdwnTexts = JSON.stringify(pageBlocks(page).filter((block) => block.type !== 'header'));
    expect(mrkdwnTexts).not.toContain('<!channel>');
    expect(mrkdwnTexts).not.toContain('<https://evil');
    expect(pageFallback(page)).not.toContain('<');
  });

  it('has no sign that turns the direction of text or acts on a terminal, whatever a label holds', () => {
    const bad = 'a\u202ekcalb\u2066\u0000\u001b[31m\u2028z';
    const page = examplePage({
      ...{ title: bad, why: bad, owner: bad, target: bad },
      alerts: [exampleAlert({ title: bad, reason: bad, labels: { a: bad } })],
      held: [exampleHeld({ title: bad, why: bad })],
    });
    const signs = /[\p{Bidi_Control}\p{Zl}]|\\u00[01]/u;
    expect(JSON.stringify(pageBlocks(page))).not.toMatch(signs);
    expect(JSON.stringify(pageFallback(page))).not.toMatch(signs);
    expect(mrkdwn('one\ntwo', 10)).toBe('one\ntwo');
  });

  it('keeps to its length and cuts neither entities nor characters, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.constantFrom('&', '<>', '🛬', ''),
        fc.integer({ min: 1, max: 60 }),
        (a, b, max) => {
          const cut = mrkdwn(a + b.repeat(10) + a, max);
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed()).toBe(true);
          expect(cut.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
          const line = plain(a + b.repeat(10), max);
          expect(line.length).toBeLessThanOrEqual(max);
          expect(line.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
