import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { maxBodyBytes } from '../../http/ingest-answer.ts';
import { type Server, startServer } from '../../local/server.ts';
import { ruleOn } from '../scenario/harness.ts';
import { recordTime, siteOf, sources } from './site.ts';

const prediction = (more: object = {}) => ({
  id: 'a1',
  timestamp: recordTime,
  prediction: 1,
  score: 0.8,
  features: { x: 1 },
  ...more,
});
const sample = (more: object = {}) => ({ metric: 'latency', value: 12, timestamp: recordTime, ...more });
const ndjson = { 'Content-Type': 'application/x-ndjson' };

const stop: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const one of stop.splice(0)) await one();
});

async function answerOf(response: Response | Promise<Response>): Promise<Record<string, unknown> & { status: number }> {
  const answer = await response;
  return { status: answer.status, ...((await answer.json()) as object) };
}

describe('records over HTTP', () => {
  it('refuse alone what is not UTF-8, and keep the rest', async () => {
    const site = siteOf();
    const other = prediction({ id: 'München' });
    for (const [contentType, text] of [
      ['application/json', JSON.stringify([prediction(), other])],
      ['application/x-ndjson', `${JSON.stringify(prediction({ id: 'b' }))}\n${JSON.stringify(other)}`],
    ] as const) {
      const body = new Uint8Array(Buffer.from(text, 'latin1'));
      const answer = await answerOf(
        site.app.request('/v1/predictions', { method: 'POST', headers: { 'Content-Type': contentType }, body }),
      );
      expect(answer).toMatchObject({
        accepted: 1,
        rejections: [{ index: 1, reason: 'expected text in UTF-8; received other bytes' }],
      });
    }
    expect(await answerOf(site.post('/v1/predictions', [prediction({ id: '\uFFFD' })]))).toMatchObject({ accepted: 1 });
  });

  it('take the names of every object as those of labels and features, and refuse the one that no map holds', async () => {
    const site = siteOf();
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      expect(await answerOf(site.post('/v1/samples', [sample({ labels: { [name]: 'x' } })]))).toMatchObject({ accepted: 1 });
      const features = { [name]: 1 };
      expect(await answerOf(site.post('/v1/predictions', [prediction({ id: name, features })]))).toMatchObject({ accepted: 1 });
    }
    const text = (member: string) => `[${JSON.stringify(sample()).slice(0, -1)}, "prediction": 1, ${member}}]`;
    const reason = expect.stringMatching(/expected .* other than __proto__/);
    for (const [path, member] of [
      ['/v1/samples', '"labels": {"host": "a", "__proto__": "b"}'],
      ['/v1/predictions', '"features": {"x": 1, "\\u005f_proto__": 1}'],
    ] as const)
      expect(await answerOf(site.post(path, text(member)))).toMatchObject({ accepted: 0, rejections: [{ index: 0, reason }] });
  });

  it('takes an array, an object of records, and one record alone', async () => {
    const site = siteOf();
    const taken = { status: 200, corrected: 0, unmatched: 0, duplicates: 0, rejected: 0, rejections: [], repeated: false };
    expect(await answerOf(site.post('/v1/predictions', [prediction(), prediction({ id: 'a2' })]))).toEqual({
      ...taken,
      accepted: 2,
    });
    expect(await answerOf(site.post('/v1/predictions', { records: [prediction({ id: 'a3' })] }))).toEqual({
      ...taken,
      accepted: 1,
    });
    expect(await answerOf(site.post('/v1/samples', sample()))).toEqual({ ...taken, accepted: 1 });
    expect(await answerOf(site.post('/v1/labels', { id: 'a1', label: 0 }))).toEqual({ ...taken, accepted: 1 });
  });

  it('takes one record a line as NDJSON, with whatever line endings and empty lines', async () => {
    const lines = [prediction(), prediction({ id: 'a2' })].map((one) => JSON.stringify(one)).join('\r\n\r\n');
    expect(await answerOf(siteOf().post('/v1/predictions', `${lines}\n`, ndjson))).toMatchObject({
      status: 200,
      accepted: 2,
      rejected: 0,
    });
  });

  it('counts the good records of a batch and names each bad one by its place and its fault', async () => {
    const records = [sample(), sample({ value: 'many' }), 7, sample({ timestamp: 'noon' }), sample({ metric: undefined })];
    expect(await answerOf(siteOf().post('/v1/samples', records))).toEqual({
      status: 200,
      accepted: 1,
      corrected: 0,
      unmatched: 0,
      duplicates: 0,
      repeated: false,
      note: expect.stringMatching(/^the other record counts: correct those that were refused and send them alone/),
      rejected: 4,
      rejections: [
        { index: 1, reason: expect.stringMatching(/^value: expected a finite number; received "many"/) },
        { index: 2, reason: expect.stringMatching(/expected a record.*received 7/) },
        { index: 3, reason: expect.stringMatching(/^timestamp: expected ISO 8601.*received "noon"/) },
        { index: 4, reason: expect.stringMatching(/^metric: expected the name of a metric; received nothing/) },
      ],
    });
  });

  it('answers 400 once every record was refused, so that nobody sends the same again', async () => {
    const site = siteOf();
    expect(await answerOf(site.post('/v1/samples', [sample({ value: null })]))).toMatchObject({
      status: 400,
      accepted: 0,
      rejected: 1,
    });
    expect(await answerOf(site.post('/v1/samples', '{"metric"\n{', ndjson))).toMatchObject({
      status: 400,
      accepted: 0,
      rejected: 2,
    });
  });

  it('refuses records from the future and from before what is kept, with the reason', async () => {
    const records = [sample({ timestamp: '2036-01-01T00:00Z' }), sample({ timestamp: '1999-01-01T00:00Z' })];
    const { rejections, status } = await answerOf(siteOf().post('/v1/samples', records));
    expect(status).toBe(400);
    expect(rejections).toEqual([
      { index: 0, reason: expect.stringMatching(/timestamp.*ahead/) },
      { index: 1, reason: expect.stringMatching(/timestamp.*old/) },
    ]);
  });

  it('lists a hundred refusals and counts all of them', async () => {
    const answer = await answerOf(
      siteOf().post(
        '/v1/samples',
        Array.from({ length: 250 }, () => 1),
      ),
    );
    expect(answer).toMatchObject({ status: 400, rejected: 250 });
    expect(answer['rejections']).toHaveLength(100);
  });

  it('takes an empty list for what it is', async () => {
    expect(await answerOf(siteOf().post('/v1/samples', []))).toMatchObject({ status: 200, accepted: 0, rejected: 0 });
  });

  it.each([
    ['malformed JSON', '[{"metric": }]', undefined, /^expected JSON; received "}\]" at position 12 \(line 1, column 13\)/],
    ['JSON that ends too early', '[{"metric": "latency"', undefined, /it ends too early/],
    ['lines sent as JSON', '{"a":1}\n{"a":2}', undefined, /send it as application\/x-ndjson/],
    ['an empty body', '', undefined, /empty body/],
    ['a single value', '"hello"', undefined, /received a single value/],
    [
      'another content type',
      '<xml/>',
      'text/xml',
      /expected the content type application\/json or application\/x-ndjson; received text\/xml/,
    ],
    ['a form', 'a=1', 'application/x-www-form-urlencoded', /received application\/x-www-form-urlencoded/],
  ])('refuses %s', async (_, body, type, reason) => {
    const answer = await answerOf(siteOf().post('/v1/samples', body, type === undefined ? {} : { 'Content-Type': type }));
    expect(answer).toEqual({ status: 400, error: expect.stringMatching(reason) });
  });

  it('refuses an encoded body, and takes one that says it is not', async () => {
    const site = siteOf();
    expect(await answerOf(site.post('/v1/samples', sample(), { 'Content-Encoding': 'gzip' }))).toEqual({
      status: 415,
      error: expect.stringMatching(/received gzip/),
    });
    expect((await site.post('/v1/samples', sample(), { 'Content-Encoding': 'identity' })).status).toBe(200);
  });
});

describe('the source of records', () => {
  it('is named in the address where several could be meant', async () => {
    const more = { ...sources, other: { kind: 'samples' } } as const;
    const site = siteOf({ part: { sources: more } });
    expect(await answerOf(site.post('/v1/samples', [sample()]))).toEqual({
      status: 400,
      error: expect.stringMatching(/several sources of samples: name one of pushed, other/),
    });
    expect((await site.post('/v1/samples?source=other', [sample()])).status).toBe(200);
  });

  it.each(['nowhere', 'flights', '__proto__', 'constructor', ''])('is refused when it is %j', async (name) => {
    expect(await answerOf(siteOf().post(`/v1/samples?source=${name}`, [sample()]))).toEqual({
      status: 400,
      error: expect.stringMatching(/expected a source of samples \(pushed\)/),
    });
  });

  it('is found by the model, and a record of an unknown model is refused by itself', async () => {
    const more = { ...sources, churn: { kind: 'predictions', model: 'churn' } } as const;
    const site = siteOf({ part: { sources: more } });
    const records = [
      prediction({ model: 'churn' }),
      prediction({ model: 'flight-delays' }),
      prediction({ model: 'chrun' }),
      prediction(),
    ];
    expect(await answerOf(site.post('/v1/predictions', records))).toMatchObject({
      status: 200,
      accepted: 2,
      rejections: [
        { index: 2, reason: expect.stringMatching(/expected one of flight-delays, churn.*received chrun/) },
        { index: 3, reason: expect.stringMatching(/received nothing/) },
      ],
    });
  });
});

describe('a sender of more series than a rule may judge', () => {
  it('is named, with some of them, by the alert about the rule', async () => {
    const site = siteOf({
      part: { rules: { slow: ruleOn('latency', { maxSeries: 1 }) } },
      settings: { ingestKey: 'TOCSIN_INGEST_KEY' },
      secrets: { TOCSIN_INGEST_KEY: 's3cret-key' },
    });
    const { clock } = site.story;
    const sent = ['a', 'b'].map((host) => ({ metric: 'latency', value: 1, timestamp: clock.now(), labels: { host } }));
    const answer = await site.post('/v1/samples?source=pushed', sent, { Authorization: 'Bearer s3cret-key' });
    expect(answer.status).toBe(200);
    await site.story.pass('1m');
    const [alert] = await site.ports.store.alerts();
    expect(alert?.reason).toMatch(/1 newer series is not judged: {host="b".*}; sent by "key:/);
  });
});

describe('the ingest key', () => {
  const keyed = { settings: { ingestKey: 'TOCSIN_INGEST_KEY' }, secrets: { TOCSIN_INGEST_KEY: 's3cret-key' } };

  it.each([
    ['missing', {}],
    ['wrong', { Authorization: 'Bearer other' }],
    ['cut', { Authorization: 'Bearer s3cret-ke' }],
    ['of another scheme', { Authorization: 'Basic s3cret-key' }],
    ['empty', { Authorization: 'Bearer ' }],
    ['a wrong password', { Authorization: `Basic ${btoa('prometheus:other')}` }],
    ['a user name', { Authorization: `Basic ${btoa('s3cret-key:')}` }],
    ['a password without a user', { Authorization: `Basic ${btoa('s3cret-key')}` }],
  ])('keeps out who presents one that is %s', async (_, headers: Record<string, string>) => {
    const response = await siteOf(keyed).post('/v1/samples', [sample()], headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer, Basic realm="tocsin"');
    expect(await response.text()).not.toContain('s3cret');
  });

  it('lets in who presents the right one, however the scheme is written', async () => {
    const site = siteOf(keyed);
    expect((await site.post('/v1/samples', [sample()], { Authorization: 'Bearer s3cret-key' })).status).toBe(200);
    expect((await site.post('/v1/samples', [sample()], { Authorization: 'bearer s3cret-key' })).status).toBe(200);
  });

  it('may be the password of Basic auth, under any user name', async () => {
    const site = siteOf({ ...keyed, secrets: { TOCSIN_INGEST_KEY: 's3cret:kéy' } });
    for (const user of ['prometheus', '']) {
      const words = Buffer.from(`${user}:s3cret:kéy`).toString('base64');
      for (const scheme of ['Basic', 'basic']) {
        expect((await site.post('/v1/samples', [sample()], { Authorization: `${scheme} ${words}` })).status).toBe(200);
      }
    }
  });

  it.each<Record<string, string>>([{}, { TOCSIN_INGEST_KEY: '' }])(
    'that has no value yet makes senders come again: %j',
    async (secrets) => {
      const site = siteOf({ ...keyed, secrets });
      const response = await site.post('/v1/samples', [sample()], { Authorization: 'Bearer ' });
      expect(response.status).toBe(503);
      expect(response.headers.get('Retry-After')).toBe('60');
      expect(site.story.logged).toEqual([expect.stringMatching(/^error: the ingest key has no value/)]);
    },
  );

  it('is asked for wherever anyone can reach the address', async () => {
    expect(await answerOf(siteOf({ access: 'public' }).post('/v1/samples', [sample()]))).toEqual({
      status: 403,
      error: expect.stringMatching(/settings.ingestKey/),
    });
    const site = siteOf({ ...keyed, access: 'public' });
    expect((await site.post('/v1/samples', [sample()], { Authorization: 'Bearer s3cret-key' })).status).toBe(200);
  });
});

describe('a body that is too large', () => {
  async function served(): Promise<Server> {
    const server = await startServer(siteOf().app, 0);
    stop.push(server.close);
    return server;
  }
  const large = Buffer.alloc(maxBodyBytes + 1, ' ');

  it('is refused by its announced length', async () => {
    const { url } = await served();
    const response = await fetch(`${url}/v1/samples`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: large,
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/expected at most 5242880 bytes/) });
  });

  it('is refused as it comes in pieces without an announced length, and the service goes on', async () => {
    const { url } = await served();
    const status = await new Promise((resolve, reject) => {
      const sending = request(
        `${url}/v1/samples`,
        { method: 'POST', headers: { 'Content-Type': 'application/json' } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sending.on('error', reject);
      for (let at = 0; at < large.length; at += 65_536) sending.write(large.subarray(at, at + 65_536));
      sending.end();
    });
    expect(status).toBe(413);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('is taken up to the limit, in pieces as well', async () => {
    const { url } = await served();
    const body = Buffer.alloc(maxBodyBytes, ' ');
    body.write(JSON.stringify([sample()]));
    for (const sent of [body, new Blob([body]).stream()]) {
      const response = await fetch(`${url}/v1/samples`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: sent,
        duplex: 'half',
      } as RequestInit);
      expect(response.status).toBe(200);
    }
  });

  it('is refused by every other address, too', async () => {
    const site = siteOf();
    const id = await site.incident();
    for (const path of [
      '/slack/interactions',
      '/slack/commands',
      '/api/silences',
      `/api/incidents/${id}/resolve`,
      `/incidents/${id}/resolve`,
    ]) {
      expect.soft((await site.post(path, 'x'.repeat(600 * 1024))).status, path).toBe(413);
    }
    expect(await site.story.incident()).toMatchObject({ status: 'triggered' });
  });
});
