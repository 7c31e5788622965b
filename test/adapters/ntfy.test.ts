import { afterEach, describe, expect, it } from 'vitest';
import { ntfyChannel } from '../../adapters/ntfy/index.ts';
import { contactProbes } from '../../adapters/ntfy/probe.ts';
import { contactKey, contactText } from '../../core/response/contacts/contact.ts';
import type { NtfyContact } from '../../core/response/contacts/kinds/ntfy.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { configOf } from '../app/runtime.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { examplePage } from '../contract/example-page.ts';
import { type Answer, type StandIn, standIn } from '../contract/stand-in.ts';

const topic = 'a-topic-that-is-a-secret';
const secrets = { get: async (name: string) => ({ NTFY_TOPIC: topic, NTFY_TOKEN: 'tk_secret\n' })[name] };

type Published = {
  topic: string;
  title: string;
  message: string;
  priority: number;
  tags: string[];
  click: string;
  actions?: { action: string; label: string; url: string }[];
  attach?: string;
  sequence_id: string;
};

const json = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A server of ntfy 2.16 or, without `sequences`, of an older one. */
async function ntfy({ sequences = true } = {}) {
  let behaviour: Behaviour = 'well';
  const taken: Published[] = [];
  const server = await standIn(({ method, path, body, headers }) => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return json(403, { code: 40301, http: 403, error: 'forbidden' });
    if (behaviour !== 'well') {
      const more: Record<string, string> = behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter };
      return json(behaviour.status, { code: 42908, http: behaviour.status, error: 'limit reached' }, more);
    }
    if (path === '/v1/health') return json(200, { healthy: true });
    if (method !== 'POST' || path !== '/') return json(404, { code: 40401, http: 404, error: 'not found' });
    if (headers.authorization !== undefined && headers.authorization !== 'Bearer tk_secret') return json(401, { code: 40101 });
    const sent = JSON.parse(body) as Published;
    const fits = /^[-_A-Za-z0-9]{1,64}$/;
    if (!fits.test(sent.topic) || !fits.test(sent.sequence_id)) return json(400, { code: 40009, http: 400 });
    if (Buffer.byteLength(sent.message) > 4096 || (sent.actions ?? []).length > 3) return json(413, { code: 41301, http: 413 });
    taken.push(sent);
    const { sequence_id, ...older } = sent;
    return json(200, { id: `m${taken.length}`, time: 1, event: 'message', ...(sequences ? { ...older, sequence_id } : older) });
  });
  const contact: NtfyContact = { kind: 'ntfy', url: server.url, topic: 'NTFY_TOPIC', token: 'NTFY_TOKEN' };
  return {
    server,
    taken,
    contact,
    behave: (next: Behaviour) => {
      behaviour = next;
    },
  };
}

const toClose: StandIn[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});

channelContract('ntfy', async () => {
  const { server, taken, contact, behave } = await ntfy();
  return {
    channel: ntfyChannel({ secrets }),
    contact,
    behave,
    delivered: () => taken.map(({ title, message, sequence_id }) => ({ text: `${title}\n${message}`, key: sequence_id })),
    close: server.close,
  };
});

async function sent(over: Partial<Page> = {}, options: { sequences?: boolean } = {}) {
  const server = await ntfy(options);
  toClose.push(server.server);
  const channel = ntfyChannel({ secrets });
  const result = await channel.send(server.contact, examplePage(over), 'inc-1#1#0');
  return { ...server, channel, result, message: server.taken[0] as Published };
}

describe('a page by ntfy', () => {
  it.each([
    [{}, 5, 'rotating_light'],
    [{ severity: 'warn' }, 4, 'warning'],
    [{ reason: 'told' }, 3, 'rotating_light'],
    [{ status: 'acknowledged', reason: 'reminder' }, 3, 'eyes'],
    [{ status: 'resolved', reason: 'resolved' }, 3, 'white_check_mark'],
  ] as const)('of %j rings with priority %i and shows %s', async (over, priority, tag) => {
    expect((await sent(over)).message).toMatchObject({ priority, tags: [tag] });
  });

  it('opens the incident, and has a button that acknowledges where there is something to acknowledge', async () => {
    const acknowledgeUrl = 'https://t.example/a/x';
    const chart = { url: 'https://t.example/c.png', isPublic: true, alt: 'accuracy' };
    const { message } = await sent({ acknowledgeUrl, chart });
    expect(message.actions?.[0]).toMatchObject({ action: 'http', method: 'POST', url: acknowledgeUrl });
    expect(message.attach).toBe(chart.url);
    expect(message.message).not.toContain(acknowledgeUrl);
    expect((await sent({ chart: { ...chart, isPublic: false } })).message.attach).toBeUndefined();
    expect(message.click).toBe('http://127.0.0.1:4319/incidents/inc-0123456789');
    expect(message.actions?.map(({ label, url }) => [label, url])).toEqual([
      ['Acknowledge', acknowledgeUrl],
      ['Incident', message.click],
      ['Runbook', 'http://127.0.0.1:4319/runbooks/accuracy-drop'],
    ]);
    expect((await sent()).message.actions?.map(({ label }) => label)).toEqual(['Incident', 'Runbook']);
  });

  it('is replaced without a sound once somebody has it, and not before', async () => {
    const { channel, result, taken } = await sent();
    if (result.ref === undefined || channel.update === undefined) throw new Error('expected a message that can be replaced');
    await channel.update(result.ref, examplePage({ alertCount: 2 }));
    expect(taken).toHaveLength(1);
    await channel.update(result.ref, examplePage({ status: 'acknowledged', acknowledgedBy: 'responder/ana' }));
    expect(taken.map(({ priority, sequence_id, topic: to }) => [priority, sequence_id, to])).toEqual([
      [5, result.ref.id, topic],
      [2, result.ref.id, topic],
    ]);
    expect(taken[1]?.title).toContain('acknowledged by responder/ana');
  });

  it('of a server that keeps no sequences is left as it is', async () => {
    const { result } = await sent({}, { sequences: false });
    expect(result).toEqual({ providerId: 'm1' });
  });

  it('shows its topic and token in no key, text, reference or error', async () => {
    const { channel, contact, result, behave } = await sent();
    const shown = [contactKey(contact), contactText(contact), JSON.stringify(result)];
    for (const status of [400, 401, 403, 404, 413, 302, 500]) {
      behave({ status });
      shown.push(String(await channel.send(contact, examplePage(), 'k').catch(String)));
    }
    for (const text of shown) for (const secret of [topic, 'tk_secret']) expect(text).not.toContain(secret);
  });

  it.each([429, 507])('of which the server has too many (%i) may be tried again', async (status) => {
    const { channel, contact, behave } = await sent();
    behave({ status });
    await expect(channel.send(contact, examplePage(), 'k')).rejects.toMatchObject({ retryable: true });
  });

  it('has arrived, whatever a lying server answers', async () => {
    for (const body of ['', '<html>', '[]', '{"id":1}', `"${'x'.repeat(1000)}"`]) {
      const server = await standIn(() => ({ status: 200, body }));
      toClose.push(server);
      const contact: NtfyContact = { kind: 'ntfy', url: server.url, topic: 'NTFY_TOPIC' };
      expect(await ntfyChannel({ secrets }).send(contact, examplePage(), 'k'), body).toEqual({});
    }
  });

  it('waits for a server that hangs no longer than its time', async () => {
    const server = await standIn(() => 'hang');
    toClose.push(server);
    const contact: NtfyContact = { kind: 'ntfy', url: server.url, topic: 'NTFY_TOPIC' };
    const sending = ntfyChannel({ secrets, timeoutMs: 50 }).send(contact, examplePage(), 'k');
    await expect(sending).rejects.toMatchObject({ retryable: true, timedOut: true });
  });
});

it('tocsin doctor asks a ntfy server for its health, and publishes nothing', async () => {
  const { server, contact, taken, behave } = await ntfy();
  toClose.push(server);
  const [probe] = contactProbes([contact, contact], { config: configOf({}), secrets }, 0);
  expect(await probe?.run()).toMatchObject({ state: 'ok' });
  behave({ status: 404 });
  expect(await probe?.run()).toMatchObject({ state: 'failed' });
  const [empty] = contactProbes([{ ...contact, topic: 'NOT_SET' }], { config: configOf({}), secrets }, 0);
  expect(await empty?.run()).toMatchObject({ state: 'failed', found: expect.stringContaining('NOT_SET') });
  expect(taken).toEqual([]);
});
