import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Feed, feedOf, mostFollowers } from '../../app/follow/feed.ts';
import { type Server, startServer } from '../../local/server.ts';
import { eventsIn, follow } from './event-source.ts';
import { basic, type Site, siteOf } from './site.ts';

type Served = { feed: Feed; pass(): void; site: Site; server: Server };

let open: Served | undefined;
afterEach(async () => {
  open?.feed.close();
  await open?.server.close();
  open = undefined;
});

/** A server whose feed is told by the test when time passes. */
async function serve(options: Parameters<typeof siteOf>[0] = {}): Promise<Served> {
  let due: (() => void)[] = [];
  const feed = feedOf({ epoch: 'e', later: (_, work) => due.push(work) });
  const site = siteOf({ feed, ...options });
  const server = await startServer(site.app, 0);
  open = {
    ...{ feed, site, server },
    pass() {
      const works = due;
      due = [];
      for (const work of works) work();
    },
  };
  return open;
}

const incident = (id: string, version: number) => ({ kind: 'incident' as const, id, version });

describe('GET /api/events', () => {
  it('begins with a reset, and tells what changes', async () => {
    const { feed, server } = await serve();
    const source = await follow(server.url);
    expect(source.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8');
    expect(source.headers.get('Cache-Control')).toBe('no-store');
    expect(source.headers.get('ETag')).toBeNull();
    expect(source.headers.get('Content-Encoding')).toBeNull();
    expect((await source.next())?.event).toEqual({ kind: 'reset', reason: 'first' });
    feed.note([incident('inc-1', 3)]);
    expect(await source.next()).toEqual({ id: 'e-1', event: incident('inc-1', 3) });
    source.close();
    await expect.poll(() => feed.followers()).toBe(0);
  });

  it('tells nothing more to whoever may no longer know it', async () => {
    const secrets = { WEB_PASSWORD: 'open-sesame' };
    const { feed, server } = await serve({
      settings: { webPassword: 'WEB_PASSWORD' },
      secret: async (name) => Reflect.get(secrets, name),
    });
    const source = await follow(server.url, basic('ana', 'open-sesame'));
    expect((await source.next())?.event).toEqual({ kind: 'reset', reason: 'first' });
    secrets.WEB_PASSWORD = 'another';
    feed.note([incident('inc-1', 3)]);
    expect(await source.next()).toBeUndefined();
    await expect.poll(() => feed.followers()).toBe(0);
  });

  it('tells a client that comes back what it missed, once each', async () => {
    const { feed, server, pass } = await serve();
    const first = await follow(server.url);
    const id = (await first.next())?.id ?? '';
    first.close();
    for (const version of [1, 2]) {
      feed.note([incident('inc-1', version), { kind: 'alerts' }]);
      pass();
    }
    for (const source of [await follow(server.url, { 'Last-Event-ID': id })]) {
      expect((await source.next())?.event).toEqual(incident('inc-1', 2));
      expect((await source.next())?.event).toEqual({ kind: 'alerts' });
      source.close();
    }
    const elsewhere = await follow(server.url, { 'Last-Event-ID': 'other-7' });
    expect((await elsewhere.next())?.event).toEqual({ kind: 'reset', reason: 'another process' });
    elsewhere.close();
  });

  it('takes the id in the address from a client that cannot set headers', async () => {
    const { feed, server } = await serve();
    feed.note([incident('inc-1', 1)]);
    const body = (await fetch(`${server.url}/api/events?after=e-0`)).body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('alive')) text += (await body?.read())?.value ?? '';
    expect(eventsIn(text).events.map(({ event }) => event)).toMatchObject([incident('inc-1', 1), { kind: 'alive' }]);
    await body?.cancel();
  });

  it('has an `alive` event with the time of the service and of the last evaluation', async () => {
    const { feed, site, server } = await serve();
    feed.note([{ kind: 'rule', id: 'slow', at: site.story.clock.now() }]);
    const at = new Date(site.story.clock.now()).toISOString();
    const body = (await fetch(`${server.url}/api/events`)).body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('alive')) text += (await body?.read())?.value ?? '';
    expect(eventsIn(text).events.at(-1)?.event).toEqual({ kind: 'alive', at, judgedAt: at });
    await body?.cancel();
  });

  it('cuts off a client that does not read, which then goes on where it was', async () => {
    const { feed, server, pass } = await serve();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.pause();
    socket.write('GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await expect.poll(() => feed.followers()).toBe(1);
    // More than the buffers between them hold.
    for (let n = 1; n <= 300; n += 1) {
      feed.note([incident(`inc-${n}${'x'.repeat(100_000)}`, n)]);
      pass();
      await turn();
    }
    for (let n = 0; n < 3; n += 1) feed.beat();
    await expect.poll(() => feed.followers()).toBe(0);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString();
    });
    socket.resume();
    await closed;
    // Chunks have their length between them.
    const heard = [...text.matchAll(/^id: (e-\d+)$/gm)].map(([, id]) => id).slice(0, -1);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard).not.toContain('e-300');
    const source = await follow(server.url, { 'Last-Event-ID': heard.at(-1) ?? '' });
    expect((await source.next())?.event.kind).toBe('incidents');
    source.close();
  });

  it('is refused to one client too many, until another has gone', async () => {
    const { feed, server } = await serve();
    const all = await Promise.all(Array.from({ length: mostFollowers }, () => follow(server.url)));
    const refused = await follow(server.url);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('Retry-After')).not.toBeNull();
    refused.close();
    all.pop()?.close();
    await expect.poll(() => feed.followers()).toBe(mostFollowers - 1);
    const taken = await follow(server.url);
    expect(taken.status).toBe(200);
    for (const source of [taken, ...all]) source.close();
    await expect.poll(() => feed.followers()).toBe(0);
  });

  it('ends by itself when the service stops, so that the server need not wait', async () => {
    const { feed, server } = await serve();
    const source = await follow(server.url);
    await source.next();
    feed.close();
    const closing = server.close();
    // A connection that is cut rejects.
    expect(await source.next()).toBeUndefined();
    await closing;
  });

  it('holds nothing for HEAD, and is refused to whoever may not look', async () => {
    const { feed, site } = await serve({ settings: { webPassword: 'PASSWORD' }, secrets: { PASSWORD: 'p' } });
    const head = await site.app.request('/api/events', { method: 'HEAD', headers: basic('ana', 'p') });
    expect(head.status).toBe(200);
    expect((await site.get('/api/events')).status).toBe(401);
    expect(feed.followers()).toBe(0);
  });

  it('is not there without a process that sees all changes', async () => {
    expect((await siteOf().get('/api/events')).status).toBe(404);
  });
});
