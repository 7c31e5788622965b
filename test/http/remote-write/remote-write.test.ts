import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { snappyCompress } from 'hysnappy';
import { describe, expect, it } from 'vitest';
import { ingestRemoteWrite } from '../../../app/ingest/remote-write.ts';
import { runtimeOf } from '../../app/runtime.ts';
import { minute, t0 } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';
import { bodyOf, headers, messageOf, type WrittenTo } from './body.ts';

const recorded = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, `../../fixtures/prometheus/remote-write-${name}.body.bin`)));
/** When the bodies were recorded. */
const then = 1_795_927_681_000;

const write = (site: Site, body: Uint8Array, more: Record<string, string> = {}, path = '/api/v1/write'): Promise<Response> =>
  Promise.resolve(site.app.request(path, { method: 'POST', headers: { ...headers, ...more }, body: new Uint8Array(body) }));
const answerOf = async (response: Response | Promise<Response>) => {
  const answer = await response;
  const body = (await answer.json()) as { accepted?: number; rejections?: unknown[] };
  return { status: answer.status, ...body };
};

const latency = (samples: WrittenTo['samples'], more: [string, string][] = []): WrittenTo => ({
  labels: [['__name__', 'latency'], ['model', 'm'], ...more],
  samples,
});
const now = t0;
const bucketsOf = async (site: Site, metric = 'latency') => {
  const all = await site.ports.store.series('pushed', metric);
  const lists = await site.ports.store.buckets(all.map((series) => ({ series, from: 0, to: Number.MAX_SAFE_INTEGER })));
  return lists.flat().map(({ summary }) => summary);
};

describe('a remote write', () => {
  it('counts each sample with its metric and labels, and the labels of the source', async () => {
    const site = siteOf();
    const body = bodyOf([
      latency([
        { value: 1.5, at: now - minute },
        { value: 2.5, at: now - minute + 15_000 },
      ]),
    ]);
    expect(await answerOf(write(site, body))).toEqual({
      status: 200,
      accepted: 2,
      repeated: 0,
      withoutValue: 0,
      rejected: 0,
      rejections: [],
    });
    const [series] = await site.ports.store.series('pushed', 'latency');
    expect(series?.labels).toEqual({ environment: 'live', model: 'm' });
    expect(await bucketsOf(site)).toMatchObject([{ count: 2, sum: 4, last: 2.5, lastAt: now - minute + 15_000 }]);
  });

  it('counts once, whether the same body comes again or its samples in another one, also after a restart', async () => {
    const site = siteOf();
    const body = bodyOf([latency([{ value: 1, at: now - minute }])]);
    expect(await answerOf(write(site, body))).toMatchObject({ accepted: 1 });
    expect(await answerOf(write(site, body, {}, '/api/v1/push'))).toMatchObject({ status: 200, accepted: 0, repeated: 1 });
    const grown = bodyOf([
      latency([
        { value: 1, at: now - minute },
        { value: 3, at: now - 30_000 },
      ]),
    ]);
    expect(await answerOf(write(site, grown))).toMatchObject({ accepted: 1, repeated: 1 });
    // As in a new process: the store alone remembers.
    site.ports.inFlight.newestWritten.clear();
    expect(await answerOf(write(site, body))).toMatchObject({ accepted: 0, repeated: 1 });
    expect(await bucketsOf(site)).toMatchObject([{ count: 2, sum: 4 }]);
  });

  it('counts once what one body has twice', async () => {
    const site = siteOf();
    const twice = latency([
      { value: 1, at: now - minute },
      { value: 1, at: now - minute },
    ]);
    expect(await answerOf(write(site, bodyOf([twice, twice])))).toMatchObject({ accepted: 1, repeated: 3 });
  });

  it('names the sources there are, if it is meant for another one', async () => {
    const site = siteOf();
    const body = bodyOf([latency([{ value: 1, at: now }])]);
    expect(await answerOf(write(site, body, {}, '/api/v1/write?source=other'))).toEqual({
      status: 400,
      error: 'expected a source of samples (pushed); received other',
    });
    expect(site.ports.inFlight.newestWritten.size).toBe(0);
  });

  it('takes a body again of which nothing could be stored', async () => {
    let isFull = true;
    const site = siteOf({
      store: (store) => ({
        ...store,
        fold: async (batch) => {
          if (isFull) throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
          return store.fold(batch);
        },
      }),
    });
    const body = bodyOf([latency([{ value: 1, at: now - minute }])]);
    const refused = await write(site, body);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, expect.stringMatching(/^[1-9]$/)]);
    isFull = false;
    expect(await answerOf(write(site, body))).toMatchObject({ status: 200, accepted: 1, repeated: 0 });
  });

  it('tells the end of a series from a value that is not a number, and counts neither', async () => {
    const site = siteOf();
    const body = bodyOf([
      latency([
        { value: Number.NaN, at: now - 2 * minute },
        { value: 'stale', at: now - minute },
      ]),
    ]);
    expect(await answerOf(write(site, body))).toMatchObject({ status: 200, accepted: 0, withoutValue: 2 });
    const { ports } = runtimeOf({ sources: { pushed: { kind: 'samples' } } });
    expect((await ingestRemoteWrite(ports, undefined, { bytes: body, sender: undefined }, now)).without).toEqual({
      nan: 1,
      stale: 1,
    });
  });

  it('refuses samples one by one, says which, and counts the others', async () => {
    const site = siteOf();
    const body = bodyOf([
      latency([
        { value: Number.POSITIVE_INFINITY, at: now - minute },
        { value: 1, at: now + 86_400_000 },
      ]),
      latency([{ value: 7, at: now - minute }]),
      { labels: [['model', 'm']], samples: [{ value: 1, at: now - minute }] },
      { labels: [['__name__', 'requests']], samples: [], histograms: 1 },
      latency([{ value: 1, at: now - minute }], [['long', 'x'.repeat(2000)]]),
    ]);
    const answer = await answerOf(write(site, body));
    expect(answer).toMatchObject({ status: 400, accepted: 1, rejected: 5 });
    expect(answer.rejections).toEqual([
      { index: 0, reason: expect.stringContaining('latency: expected a number of at most') },
      { index: 1, reason: expect.stringContaining('ahead of the clock') },
      { index: 3, reason: expect.stringContaining('a series: metric: expected the name of a metric') },
      { index: 4, reason: expect.stringContaining('requests: native histograms are not taken') },
      { index: 5, reason: expect.stringContaining('at most 1024 characters') },
    ]);
    expect(await bucketsOf(site)).toMatchObject([{ count: 1, sum: 7 }]);
  });

  it('does not take a sample from the future for the newest of its series', async () => {
    const site = siteOf();
    await write(site, bodyOf([latency([{ value: 1, at: now + 86_400_000 }])]));
    expect(await answerOf(write(site, bodyOf([latency([{ value: 1, at: now - minute }])])))).toMatchObject({ accepted: 1 });
  });

  it('does not take a sample that is minutes ahead for the newest of its series: one wrong clock would hide all true ones', async () => {
    const site = siteOf();
    await write(site, bodyOf([latency([{ value: 1, at: now + 5 * minute }])]));
    expect(await answerOf(write(site, bodyOf([latency([{ value: 1, at: now }])])))).toMatchObject({ accepted: 1, repeated: 0 });
  });

  it('refuses a body of more samples than any sender has, before all of it is read', async () => {
    const site = siteOf();
    const empty = { labels: [['__name__', 'a']] as [string, string][], samples: [], histograms: 100_001 };
    expect((await write(site, bodyOf([empty]))).status).toBe(413);
  });

  it('refuses a series of thousands of labels alone', async () => {
    const labels = Array.from({ length: 5000 }, (_, n): [string, string] => [`l${n}`, 'x']);
    const body = bodyOf([latency([{ value: 1, at: now }], labels), latency([{ value: 2, at: now }])]);
    expect(await answerOf(write(siteOf(), body))).toMatchObject({ status: 400, accepted: 1, rejected: 1 });
  });

  it('refuses labels that are not UTF-8', async () => {
    const site = siteOf();
    const message = messageOf([latency([{ value: 1, at: now }])]);
    message[message.indexOf('m'.charCodeAt(0), message.length - 20)] = 0xff;
    const bytes = Buffer.from(message);
    const at = bytes.indexOf('model');
    bytes[at + 7] = 0xff;
    expect(await answerOf(write(site, snappyCompress(bytes)))).toMatchObject({ status: 400, accepted: 0 });
  });
});

describe('what a real Prometheus wrote', () => {
  it.each([
    ['samples', 39, { nan: 2, stale: 0 }],
    ['samples-2', 20, { nan: 1, stale: 1 }],
    ['rule-series', 7, { nan: 0, stale: 0 }],
    ['stale-markers', 42, { nan: 2, stale: 2 }],
  ])('%s: each of its %i samples is taken once', async (name, accepted, without) => {
    const { ports } = runtimeOf({ sources: { prom: { kind: 'samples' } } });
    const sent = { bytes: recorded(name), sender: 'key:prom' };
    const first = await ingestRemoteWrite(ports, 'prom', sent, then + minute);
    expect(first).toEqual({ accepted, repeated: 0, without, rejected: [], unlisted: 0 });
    const again = await ingestRemoteWrite(ports, 'prom', sent, then + minute);
    expect(again).toMatchObject({ accepted: 0, repeated: accepted, without });
  });

  it('metadata alone: nothing to take, and nothing wrong', async () => {
    const site = siteOf();
    expect(await answerOf(write(site, recorded('metadata')))).toMatchObject({ status: 200, accepted: 0, rejected: 0 });
  });
});

describe('what is no remote write 1.0', () => {
  const body = bodyOf([latency([{ value: 1, at: now }])]);

  it.each([
    [{ 'Content-Encoding': 'gzip' }, 'Content-Encoding: snappy; received gzip'],
    [{ 'Content-Type': 'application/json' }, 'Content-Type: application/x-protobuf; received application/json'],
    [
      { 'Content-Type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' },
      'received proto=io.prometheus.write.v2.request',
    ],
    [{ 'X-Prometheus-Remote-Write-Version': '2.0.0' }, 'received version 2.0.0'],
  ])('%j is answered 415', async (more, error) => {
    expect(await answerOf(write(siteOf(), body, more))).toEqual({ status: 415, error: expect.stringContaining(error) });
  });

  it('a length that is declared as a gigabyte is refused before anything is unpacked', async () => {
    const bomb = new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x04, 0, 0]);
    expect(await answerOf(write(siteOf(), bomb))).toEqual({
      status: 413,
      error: 'expected at most 8388608 bytes uncompressed; received 1073741824; lower max_samples_per_send',
    });
  });

  it.each([
    ['an empty body', new Uint8Array()],
    ['a length and nothing else', new Uint8Array([5])],
    ['a length without end', new Uint8Array([255, 255, 255, 255, 255, 255])],
    ['a body that is cut off', body.subarray(0, body.length - 5)],
    ['text', new TextEncoder().encode('{"samples": []}')],
    ['a message that is cut off', snappyCompress(messageOf([latency([{ value: 1, at: now }])]).subarray(0, 20))],
    ['a message within a message that is longer than it', snappyCompress(new Uint8Array([0x0a, 0x7f, 0x0a]))],
  ])('%s is answered 400, for sending it again is of no use', async (_what, bytes) => {
    expect(await answerOf(write(siteOf(), bytes))).toEqual({ status: 400, error: expect.stringMatching(/^expected /) });
  });

  it('any bytes are answered, and none of them is an error of ours', async () => {
    const site = siteOf();
    const message = messageOf([
      latency(
        [
          { value: 1, at: now - minute },
          { value: 2, at: now },
        ],
        [['host', 'a']],
      ),
    ]);
    const spoiled = fc
      .array(fc.record({ at: fc.nat(message.length - 1), to: fc.nat(255) }), { maxLength: 8 })
      .map((changes) => changes.reduce((bytes, { at, to }) => bytes.with(at, to), new Uint8Array(message)));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          spoiled.map((bytes) => snappyCompress(bytes)),
          fc.uint8Array({ maxLength: 200 }).map((bytes) => snappyCompress(bytes)),
        ),
        async (bytes) => {
          expect([200, 400, 413]).toContain((await write(site, bytes)).status);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('who may write', () => {
  const keys = (more: object) =>
    siteOf({
      settings: { ingestKeys: [{ name: 'prom', secret: 'PROM_KEY', scope: ['samples'], ...more }] },
      secrets: { PROM_KEY: 'k'.repeat(20) },
    });
  const basic = { Authorization: `Basic ${btoa(`any:${'k'.repeat(20)}`)}` };
  const body = bodyOf([latency([{ value: 1, at: now - minute }])]);

  it('a key with the scope samples, also as a password', async () => {
    expect((await write(keys({}), body)).status).toBe(401);
    expect((await write(keys({}), body, basic)).status).toBe(200);
    expect((await write(keys({ scope: ['alerts'] }), body, basic)).status).toBe(403);
  });

  it('is put off above its rate with 503, which Prometheus tries again', async () => {
    const site = keys({ ratePerMinute: 1 });
    expect((await write(site, body, basic)).status).toBe(200);
    const later = await write(site, body, basic);
    expect([later.status, later.headers.get('Retry-After')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  });
});
