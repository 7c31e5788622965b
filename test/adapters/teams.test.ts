import { afterEach, describe, expect, it } from 'vitest';
import type { TeamsMessage } from '../../adapters/teams/card.ts';
import { teamsChannel } from '../../adapters/teams/index.ts';
import { contactKey, contactText } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { errorsOf } from '../config/errors-of.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleAlert, examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const path = '/workflows/1/triggers/manual/paths/invoke?sig=a-secret-signature';
const contact = { kind: 'teams', address: 'TEAMS_WORKFLOW' } as const;
const secretsOf = (url: string) => ({ get: async (name: string) => (name === 'TEAMS_WORKFLOW' ? url : undefined) });

const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

/** Elements and actions of Adaptive Cards 1.4 that are used. */
const elements = ['RichTextBlock', 'Image'];

function isCard(body: string): boolean {
  const { type, attachments } = JSON.parse(body) as TeamsMessage;
  const [{ contentType, content }] = attachments;
  return (
    type === 'message' &&
    contentType === 'application/vnd.microsoft.card.adaptive' &&
    content.version === '1.4' &&
    content.body.every((element) => elements.includes(element.type)) &&
    content.actions.length <= 6 &&
    content.actions.every((action) => action.type === 'Action.OpenUrl' && URL.canParse(action.url))
  );
}

async function teams() {
  let behaviour: Behaviour = 'well';
  const taken: TeamsMessage[] = [];
  const server = await standIn((request): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return { status: 404, body: `{"error":{"code":"WorkflowNotFound","message":"${path}"}}` };
    if (behaviour !== 'well')
      return { status: behaviour.status, ...(behaviour.retryAfter && { headers: { 'retry-after': behaviour.retryAfter } }) };
    if (request.path !== path) return { status: 401 };
    if (Buffer.byteLength(request.body) > 28_000) return { status: 413 };
    if (!isCard(request.body)) return { status: 400 };
    taken.push(JSON.parse(request.body) as TeamsMessage);
    return { status: 202 };
  });
  return {
    server,
    taken,
    channel: teamsChannel({ secrets: secretsOf(`${server.url}${path}`), timeoutMs: 2000 }),
    behave: (next: Behaviour) => {
      behaviour = next;
    },
  };
}

const idOf = ({ attachments: [{ content }] }: TeamsMessage): string | undefined =>
  content.body.flatMap((element) => ('id' in element ? [element.id] : []))[0];

channelContract('Teams', async () => {
  const { server, taken, channel, behave } = await teams();
  return {
    channel,
    contact,
    behave,
    delivered: () => taken.map((message) => ({ text: JSON.stringify(message), key: idOf(message) })),
    close: server.close,
  };
});

async function sent(over: Partial<Page> = {}) {
  const opened = await teams();
  toClose.push(opened.server);
  await opened.channel.send(contact, examplePage(over), 'k');
  const [message] = opened.taken;
  if (message === undefined) throw new Error('expected a card');
  return { ...opened, card: message.attachments[0].content };
}

describe('a card in Teams', () => {
  it('has the state in its colour, links to press, and the chart', async () => {
    const acknowledgeUrl = 'https://t.example/a/x';
    const chart = { url: 'https://t.example/c.png', isPublic: true, alt: 'accuracy fell' };
    const { card } = await sent({ acknowledgeUrl, chart });
    expect(card.body[0]).toMatchObject({ inlines: [{ text: 'CRITICAL: ', color: 'attention' }, { weight: 'bolder' }] });
    expect(card.actions.map(({ title }) => title)).toEqual(['Acknowledge', 'Incident and timeline', 'Runbook']);
    expect(card.body.at(-1)).toEqual({ type: 'Image', url: chart.url, altText: 'accuracy fell' });
    expect(JSON.stringify(card.body)).not.toContain(acknowledgeUrl);
    expect((await sent({ status: 'resolved' })).card.body[0]).toMatchObject({ inlines: [{ color: 'good' }, {}] });
  });

  it('reads nothing of a label as Markdown, so that none makes a link', async () => {
    const title = '[click](https://evil.example) **now**';
    const { card } = await sent({ title, alerts: [exampleAlert({ title })] });
    expect(card.body.map(({ type }) => type)).not.toContain('TextBlock');
    expect(card.actions.some(({ url }) => url.includes('evil'))).toBe(false);
  });

  it('fits however much needs escaping', async () => {
    const long = '"\\'.repeat(20_000);
    const alerts = Array.from({ length: 10 }, () => exampleAlert({ title: long, reason: long, labels: { long } }));
    expect((await sent({ alerts, title: long, why: long, owner: long })).taken).toHaveLength(1);
  });

  it.each([400, 401, 403, 404, 413])('that is refused with %i says what to do, and not the address', async (status) => {
    const { channel, behave, server } = await sent();
    behave({ status });
    const error: unknown = await channel.send(contact, examplePage(), 'k').catch((cause: unknown) => cause);
    expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/;/) });
    for (const text of [String(error), contactKey(contact), contactText(contact)])
      for (const part of ['a-secret-signature', server.url]) expect(text).not.toContain(part);
  });
});

it('the address of a workflow is the name of a secret', () => {
  const channel = (teams: string): string => `channels:\n  ml: { teams: ${teams} }\n`;
  expect(errorsOf(channel('TEAMS_WORKFLOW'))).toEqual([]);
  expect(errorsOf(channel('"https://prod.logic.azure.example/workflows/1"')).length).toBeGreaterThan(0);
});
