import type { KnownBlock } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import { secretAddressProbes } from '../../adapters/secret-address-probe.ts';
import { slackWebhookChannel } from '../../adapters/slack/incoming-webhook.ts';
import { contactKey, contactText } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const path = '/services/T000/B000/a-secret-token';
const contact = { kind: 'slackWebhook', address: 'SLACK_WEBHOOK' } as const;
const secretsOf = (url: string) => ({ get: async (name: string) => (name === 'SLACK_WEBHOOK' ? `${url}\n` : undefined) });

type Sent = { text: string; blocks: (KnownBlock & { block_id?: string })[] };

const says = (status: number, body: string, headers: Record<string, string> = {}): Answer => ({ status, body, headers });

/** What Slack documents of a message with blocks. */
function faultOf({ text, blocks }: Sent): string | undefined {
  if (text === '' || blocks.length > 50) return 'invalid_blocks';
  for (const block of blocks) {
    if (block.type === 'section' && (block.text?.text.length ?? 0) > 3000) return 'invalid_blocks';
    if (block.type === 'header' && block.text.text.length > 150) return 'invalid_blocks';
    if ((block.block_id ?? '').length > 255) return 'invalid_blocks';
  }
  return undefined;
}

const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

async function slack() {
  let behaviour: Behaviour | Answer = 'well';
  const taken: Sent[] = [];
  const server = await standIn((request) => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return says(404, 'no_service');
    if (behaviour === 'hang') return 'hang';
    if (behaviour !== 'well' && 'body' in behaviour) return behaviour;
    if (behaviour !== 'well' && 'retryAfter' in behaviour && behaviour.retryAfter !== undefined)
      return says(429, 'rate_limited', { 'retry-after': behaviour.retryAfter });
    if (behaviour !== 'well') return says(behaviour.status ?? 500, 'rollup_error');
    if (request.path !== path) return says(404, 'no_service');
    const sent = JSON.parse(request.body) as Sent;
    const fault = faultOf(sent);
    if (fault !== undefined) return says(400, fault);
    taken.push(sent);
    return says(200, 'ok');
  });
  return {
    server,
    taken,
    channel: slackWebhookChannel({ secrets: secretsOf(`${server.url}${path}`), timeoutMs: 2000 }),
    behave: (next: Behaviour | Answer) => {
      behaviour = next;
    },
  };
}

channelContract('an incoming webhook of Slack', async () => {
  const { server, taken, channel, behave } = await slack();
  return {
    channel,
    contact,
    behave,
    delivered: () => taken.map(({ text, blocks }) => ({ text: `${text}\n${JSON.stringify(blocks)}`, key: blocks[0]?.block_id })),
    close: server.close,
  };
});

async function sent(over: Partial<Page> = {}) {
  const opened = await slack();
  toClose.push(opened.server);
  const result = await opened.channel.send(contact, examplePage(over), 'inc-1#1#0');
  return { ...opened, result };
}

describe('an incoming webhook of Slack', () => {
  it('has links where the app has buttons, which nobody would hear', async () => {
    const acknowledgeUrl = 'https://t.example/a/x';
    const { taken, result } = await sent({ acknowledgeUrl });
    expect(result).toEqual({});
    const blocks = taken[0]?.blocks ?? [];
    expect(blocks.map(({ type }) => type)).not.toContain('actions');
    expect(JSON.stringify(blocks)).toContain(`<${acknowledgeUrl}|Acknowledge>`);
  });

  it.each([
    [404, 'no_service', false],
    [410, 'channel_is_archived', false],
    [403, 'action_prohibited', false],
    [400, 'invalid_payload', false],
    [500, 'rollup_error', true],
    [429, 'rate_limited', true],
  ])('takes %i %s for retryable: %s, and repeats the word where somebody has to act', async (status, word, retryable) => {
    const { channel, behave } = await sent();
    behave(says(status, word));
    const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ retryable });
    if (!retryable) expect(String(error)).toContain(word);
  });

  it('repeats nothing of an answer that is no word of Slack, nor its own address', async () => {
    const { channel, behave, server } = await sent();
    for (const body of [`<html>${'x'.repeat(100_000)}</html>`, `no such path: ${path}`, '\u001b[31mno', '']) {
      behave(says(403, body));
      const text = String(await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause));
      expect(text.length).toBeLessThan(200);
      for (const part of ['a-secret-token', server.url, '\u001b']) expect(text).not.toContain(part);
    }
    for (const text of [contactKey(contact), contactText(contact)]) expect(text).not.toContain('a-secret-token');
  });

  it('says of a secret that holds no address what is wrong, without its value', async () => {
    const channel = slackWebhookChannel({ secrets: secretsOf('xoxb-a-token') });
    const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining('SLACK_WEBHOOK') });
    expect(String(error)).not.toContain('xoxb');
  });
});

it('tocsin doctor says whether the secret holds an address, and posts nothing', async () => {
  const found = async (value: string) => {
    const [probe] = secretAddressProbes('docs/slack.md')([contact], { secrets: secretsOf(value) });
    return probe?.run().then(
      ({ state }) => state,
      () => 'failed',
    );
  };
  expect(await found('https://hooks.slack.com/services/T/B/x')).toBe('ok');
  expect(await found('http://hooks.slack.com/services/T/B/x')).toBe('warn');
  expect(await found('x')).toBe('failed');
});
