import { describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import { type Site, siteOf } from './site.ts';

const job = { every: '1h', runbook: 'source-failing' } as const;
const keyed = (): Site =>
  siteOf({
    part: { rules: {}, heartbeats: { nightly: job, weekly: job, secret: job } },
    settings: {
      ingestKeys: [
        { name: 'batch', secret: 'BATCH', scope: ['heartbeats'], heartbeats: ['nightly', 'weekly'] },
        { name: 'scores', secret: 'SCORES', scope: ['predictions'] },
      ],
    },
    secrets: { BATCH: 'b', SCORES: 's' },
  });
const as = (key: string): Record<string, string> => ({ Authorization: `Bearer ${key}`, 'Content-Type': 'text/plain' });

describe('a report of a run', () => {
  it('takes a key with the scope, and of a heartbeat that the key may report', async () => {
    const site = keyed();
    const at = async (path: string, key?: string): Promise<[number, unknown]> => {
      const answer = await site.post(path, 'log', key === undefined ? {} : as(key));
      return [answer.status, await answer.json()];
    };
    expect(await at('/v1/heartbeats/nightly/start', 'b')).toEqual([200, { heartbeat: 'nightly', state: 'start', counted: true }]);
    expect((await at('/v1/heartbeats/nightly/start'))[0]).toBe(401);
    expect((await at('/v1/heartbeats/nightly/start', 's'))[0]).toBe(403);
    for (const name of ['secret', 'nope', 'constructor', '__proto__', '%00'])
      expect(await at(`/v1/heartbeats/${name}/start`, 'b')).toEqual([
        404,
        { error: expect.stringMatching(/^expected the name of a heartbeat; received .*; there are nightly, weekly$/) },
      ]);
    const [secret] = await site.story.store.heartbeats(['secret']);
    expect(secret?.runs ?? []).toEqual([]);
  });

  it('is refused with GET, so that nothing that follows links makes one', async () => {
    const site = keyed();
    for (const path of ['nightly', 'nightly/start']) {
      const answer = await site.get(`/v1/heartbeats/${path}`, as('b'));
      expect([answer.status, answer.headers.get('Allow'), await answer.json()]).toEqual([
        405,
        'POST',
        { error: 'a report of a job is a POST; received GET; send POST' },
      ]);
    }
    expect((await site.story.store.heartbeats(['nightly']))[0]?.runs ?? []).toEqual([]);
  });

  it('counts once, however often it is sent', async () => {
    const site = keyed();
    const counted: unknown[] = [];
    for (const path of ['start?run=a', 'start?run=a', '0?run=a', '0?run=a', 'success?run=a', 'progress?run=a&done=0.2'])
      counted.push(
        ((await (await site.post(`/v1/heartbeats/nightly/${path}`, '', as('b'))).json()) as { counted: boolean }).counted,
      );
    expect(counted).toEqual([true, false, true, false, false, false]);
    const [kept] = await site.story.store.heartbeats(['nightly']);
    expect(kept?.runs).toHaveLength(1);
  });

  it('may have any bytes as its log, up to 1 MB, and 10,000 characters are kept', async () => {
    const site = keyed();
    const bytes = new Uint8Array(1024 * 1024).fill(0xff);
    const sent = (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
      Promise.resolve(site.app.request('/v1/heartbeats/nightly/fail', { method: 'POST', headers: as('b'), body }));
    expect((await sent(bytes)).status).toBe(200);
    expect((await sent(new Uint8Array(1024 * 1024 + 1))).status).toBe(413);
    const [kept] = await site.story.store.heartbeats(['nightly']);
    expect(kept?.runs.at(-1)?.log).toHaveLength(10_000);
  });

  it('from 200 runs at once is bounded, and none is lost to another', async () => {
    const site = keyed();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => site.post(`/v1/heartbeats/nightly/start?run=r${n}`, '', as('b'))),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const [kept] = await site.story.store.heartbeats(['nightly']);
    expect(kept).toMatchObject({ version: 200 });
    expect(kept?.runs).toHaveLength(50);
  });

  it('that cannot be stored is to be sent again', async () => {
    const down = new StoreUnavailableError('the disk is full');
    const site = siteOf({
      part: { rules: {}, heartbeats: { nightly: job } },
      store: (store) => ({ ...store, commit: () => Promise.reject(down) }),
    });
    const answer = await site.post('/v1/heartbeats/nightly/start');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
  });

  it('is kept when its alert cannot be decided, which the next tick does', async () => {
    const site = siteOf({
      part: { rules: {}, heartbeats: { nightly: job } },
      store: (store) => ({ ...store, silences: () => Promise.reject(new Error('x')) }),
    });
    expect((await site.post('/v1/heartbeats/nightly/3')).status).toBe(200);
    expect(await site.story.incidents()).toEqual([]);
    await site.story.pass('1m');
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });
});
