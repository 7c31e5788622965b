import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../adapters/exchange.ts';
import { pageBody } from '../../adapters/webhook/format.ts';
import { webhookChannel } from '../../adapters/webhook/index.ts';
import { verifyBody } from '../../core/access/signing/sign.ts';
import { type Behaviour, channelContract } from '../contract/channel.ts';
import { exampleHeld, examplePage } from '../contract/example-page.ts';
import { type Answer, standIn } from '../contract/stand-in.ts';
import { expectDocumented } from '../http/contract/sent.ts';

const secrets = { get: async (name: string) => (name === 'HOOK_SECRET' ? 'hush' : undefined) };
const header = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);

const busy = (retryAfter: string | undefined): Record<string, string> =>
  retryAfter === undefined ? {} : { 'retry-after': retryAfter };

channelContract('a webhook', async () => {
  let behaviour: Behaviour = 'well';
  const taken: { text: string; key: string | undefined }[] = [];
  const server = await standIn(({ headers, body }): Answer => {
    if (behaviour === 'cut') return 'cut';
    if (behaviour === 'dead') return { status: 404 };
    if (behaviour !== 'well') {
      return {
        status: behaviour.status,
        headers: busy(behaviour.retryAfter),
      };
    }
    const signed = verifyBody({
      secret: 'hush',
      header: header(headers['tocsin-signature']),
      body,
      nowSeconds: Date.now() / 1000,
    });
    if (!signed.ok) return { status: 401 };
    expectDocumented((JSON.parse(body) as { kind: 'page' | 'digest' }).kind, body);
    taken.push({ text: body, key: header(headers['tocsin-key']) });
    return { status: 204 };
  });
  return {
    channel: webhookChannel({ secrets }),
    contact: { kind: 'webhook' as const, url: `${server.url}/hook`, secret: 'HOOK_SECRET' },
    behave: (next) => {
      behaviour = next;
    },
    delivered: () => taken,
    close: server.close,
  };
});

async function post(answer: Answer, over: { secret?: string; timeoutMs?: number } = {}) {
  const server = await standIn(() => answer);
  const channel = webhookChannel({ secrets, timeoutMs: over.timeoutMs });
  const contact = { kind: 'webhook' as const, url: `${server.url}/hook?token=hidden`, secret: over.secret ?? 'HOOK_SECRET' };
  const error: unknown = await channel.send(contact, examplePage(), 'inc-1#1#0').then(
    () => undefined,
    (cause: unknown) => cause,
  );
  await server.close();
  for (const { body } of server.received) expectDocumented('page', body);
  return { error, received: server.received };
}

describe('the webhook channel', () => {
  it('posts the documented body', async () => {
    const { received } = await post({ status: 200 });
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      version: 1,
      kind: 'page',
      key: 'inc-1#1#0',
      at: '2026-01-05T09:00:30.000Z',
      reason: 'triggered',
      target: 'responder/ana',
      incident: { id: 'inc-0123456789', status: 'triggered', severity: 'critical', since: '2026-01-05T08:00:30.000Z' },
      alerts: [{ rule: 'flight-accuracy', value: 0.71, baseline: 0.8, degradation: 0.1125, bound: 0.72 }],
      alertCount: 1,
      held: [],
      heldCount: 0,
    });
  });

  it('carries what was held back as data, as much as fits, and says how much there is', () => {
    const bodyOf = (count: number) =>
      pageBody(examplePage({ held: Array.from({ length: count }, (_, n) => exampleHeld({ title: `n${n}` })) }), 'k');
    const all = bodyOf(300);
    expect(all.held).toHaveLength(300);
    expect(all.held[0]).toMatchObject({
      incident: 'inc-9876543210',
      title: 'n0',
      severity: 'critical',
      since: '2026-01-05T08:30:00.000Z',
    });
    const most = bodyOf(5000);
    expect(most.heldCount).toBe(5000);
    expect(most.held.length).toBeGreaterThan(500);
    expect(Buffer.byteLength(JSON.stringify(most))).toBeLessThan(256_000);
  });

  it.each([
    [400, false],
    [401, false],
    [410, false],
    [408, true],
    [425, true],
    [429, true],
    [301, false],
  ])('takes status %i for retryable: %s', async (status, retryable) => {
    const { error } = await post({ status, headers: { location: 'http://127.0.0.1:1/' } });
    expect(error).toMatchObject({ name: 'DeliveryError', retryable });
  });

  it('sends again over a new connection what a kept one was closed on, and only then', async () => {
    const sockets = new Map<object, number>();
    let cutsAll = false;
    const server = createServer((request, response) => {
      const uses = (sockets.get(request.socket) ?? 0) + 1;
      sockets.set(request.socket, uses);
      request.resume().on('end', () => {
        if (uses > 1 || cutsAll) request.socket.destroy();
        else response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const contact = { kind: 'webhook' as const, url: `http://127.0.0.1:${port}/`, secret: 'HOOK_SECRET' };
    const channel = webhookChannel({ secrets });
    for (let n = 0; n < 3; n += 1) await channel.send(contact, examplePage(), `inc-1#1#${n}`);
    expect([...sockets.values()].toSorted()).toEqual([1, 1, 2]);
    cutsAll = true;
    await expect(channel.send(contact, examplePage(), 'inc-1#1#3')).rejects.toMatchObject({ retryable: true });
    await new Promise((resolve) => server.close(resolve));
  });

  it('refuses an answer that goes on and on', async () => {
    const { error } = await post({ body: 'x'.repeat(2_000_000) });
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining('longer than 1048576 bytes') });
  });

  it('asks for a retry when the receiver does not answer in time', async () => {
    expect((await post('hang', { timeoutMs: 50 })).error).toMatchObject({ retryable: true, timedOut: true });
  });

  it('asks for a retry when the receiver wants to switch protocols instead of answering', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const contact = { kind: 'webhook' as const, url: `http://127.0.0.1:${port}/`, secret: 'HOOK_SECRET' };
    const sent = webhookChannel({ secrets }).send(contact, examplePage(), 'inc-1#1#0');
    await expect(sent).rejects.toMatchObject({ name: 'DeliveryError', retryable: true });
    await new Promise((resolve) => server.close(resolve));
  });

  it('refuses for good, and sends nothing, when the secret has no value', async () => {
    const { error, received } = await post({ status: 200 }, { secret: 'OTHER' });
    expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(/OTHER has no value; set it/) });
    expect(received).toEqual([]);
  });

  it('shows neither the secret nor the query of the URL in an error', async () => {
    const { error } = await post({ status: 400, body: 'token=hidden' });
    expect(String(error)).not.toMatch(/hidden|hush/);
  });

  it('reads Retry-After as seconds or as a date', () => {
    const now = Date.UTC(2026, 0, 5, 9, 0, 0);
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Mon, 05 Jan 2026 09:01:00 GMT', now)).toBe(60_000);
    expect(retryAfterMs('Mon, 05 Jan 2026 08:00:00 GMT', now)).toBe(0);
    expect(retryAfterMs('soon', now)).toBeUndefined();
    expect(retryAfterMs(null, now)).toBeUndefined();
  });
});
