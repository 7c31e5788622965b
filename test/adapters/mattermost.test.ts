import { afterEach, describe, expect, it } from 'vitest';
import { mattermostChannel } from '../../adapters/mattermost/index.ts';
import type { MattermostMessage } from '../../adapters/mattermost/message.ts';
import { contactKey, contactText } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { errorsOf } from '../config/errors-of.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const path = '/hooks/a-secret-key';
const contact = { kind: 'mattermost', address: 'MATTERMOST_WEBHOOK' } as const;
const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

const refusal = (status: number, id: string): Answer => ({
  status,
  body: JSON.stringify({ id, message: `something about ${path}`, status_code: status }),
});

async function mattermost() {
  let behaviour: Behaviour = 'well';
  const taken: MattermostMessage[] = [];
  const server = await standIn((request): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return refusal(400, 'web.incoming_webhook.invalid.app_error');
    if (behaviour !== 'well')
      return { status: behaviour.status, ...(behaviour.retryAfter && { headers: { 'retry-after': behaviour.retryAfter } }) };
    if (request.path !== path) return refusal(400, 'web.incoming_webhook.invalid.app_error');
    const message = JSON.parse(request.body) as MattermostMessage;
    if ([message.text, ...message.attachments.map(({ text }) => text)].some((text) => text.length > 16_383))
      return refusal(400, 'web.incoming_webhook.text.length.app_error');
    taken.push(message);
    return { body: 'ok' };
  });
  toClose.push(server);
  const secrets = { get: async (name: string) => (name === 'MATTERMOST_WEBHOOK' ? `${server.url}${path}` : undefined) };
  return {
    server,
    taken,
    channel: mattermostChannel({ secrets, timeoutMs: 2000 }),
    behave: (next: Behaviour) => {
      behaviour = next;
    },
  };
}

channelContract('Mattermost', async () => {
  const { server, taken, channel, behave } = await mattermost();
  return {
    channel,
    contact,
    behave,
    delivered: () =>
      taken.map(({ text, attachments, props }) => ({
        // As it is shown: escapes are not.
        text: `${text}\n${attachments[0].text}`.replace(/\\([^\w\s])/g, '$1'),
        key: props.tocsin_page,
      })),
    close: server.close,
  };
});

async function sent(over: Partial<Page> = {}) {
  const opened = await mattermost();
  await opened.channel.send(contact, examplePage(over), 'k');
  const [message] = opened.taken;
  if (message === undefined) throw new Error('expected a post');
  return { ...opened, message, attachment: message.attachments[0] };
}

describe('a post in Mattermost', () => {
  it('has its state in colour, links to press, and the chart', async () => {
    const chart = { url: 'https://t.example/c.png', isPublic: false, alt: 'accuracy fell' };
    const { attachment } = await sent({ acknowledgeUrl: 'https://t.example/a/x', chart });
    expect(attachment.text).toMatch(/^\[Acknowledge\]\(https:\/\/t\.example\/a\/x\) · \[Incident and timeline\]\(/);
    expect(attachment.image_url).toBe(chart.url);
    expect((await sent({ status: 'resolved' })).attachment.color).not.toBe(attachment.color);
  });

  it('reads nothing of a label as Markdown, and mentions nobody', async () => {
    const title = '[click](https://evil.example) **now** @channel @here @all #tag https://evil.example/@all';
    const { message, attachment } = await sent({ title, alerts: [exampleAlert({ title })] });
    for (const text of [message.text, attachment.text, attachment.fallback]) {
      expect(text).not.toMatch(/(?<!\\)\[click/);
      expect(text).not.toMatch(/@(channel|here|all)/);
      expect(text).not.toMatch(/(?<!\\)#tag/);
    }
  });

  it('fits however much needs escaping', async () => {
    const long = '*_[](`~'.repeat(20_000);
    const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels: { long } }));
    const { attachment } = await sent({ alerts, title: long, why: long, owner: long });
    expect(attachment.text).toContain('/incidents/inc-0123456789');
  });

  it.each(['dead' as const, ...[400, 401, 403, 404].map((status) => ({ status }))])(
    'that is refused (%j) says what to do, and not the address',
    async (behaviour) => {
      const { channel, behave, server } = await sent();
      behave(behaviour);
      const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
      expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/;/) });
      for (const text of [String(error), contactKey(contact), contactText(contact)])
        for (const part of ['a-secret-key', server.url]) expect(text).not.toContain(part);
    },
  );
});

it('the address of a webhook of Mattermost is the name of a secret', () => {
  const channel = (mattermost: string): string => `channels:\n  ml: { mattermost: ${mattermost} }\n`;
  expect(errorsOf(channel('MATTERMOST_WEBHOOK'))).toEqual([]);
  expect(errorsOf(channel('"https://mm.example.com/hooks/x"')).length).toBeGreaterThan(0);
});
