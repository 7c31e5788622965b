import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { press, recordTime, type Site, siteOf, slackSecret } from './site.ts';

const json = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)) ?? 'null';

/** What a header can carry at all. */
const headerText = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 60 })
  .map((text) => text.trim());
const bytes = fc.uint8Array({ maxLength: 200 });
/** Mostly what is expected, for faults lie behind what refuses nonsense. */
const mostly = <T>(good: fc.Arbitrary<T>, odd: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: odd });
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '', ' '));
const nearlyRecord = mostly(
  fc.record(
    {
      timestamp: mostly(
        fc.constant(recordTime),
        fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          fc.double(),
          text,
        ),
      ),
      metric: mostly(fc.constant('latency'), text),
      value: mostly(fc.double({ noNaN: true }), text),
      prediction: mostly(fc.integer(), fc.oneof(text, fc.boolean(), fc.constant(null))),
      id: mostly(text, fc.constantFrom(null, 7, undefined)),
      score: mostly(fc.double({ min: 0, max: 1, noNaN: true }), fc.double()),
      label: mostly(fc.integer(), fc.constantFrom(null, undefined, true)),
      version: mostly(text, fc.integer()),
      model: mostly(fc.constant('flight-delays'), text),
      labels: mostly(fc.dictionary(text, text), fc.anything()),
      features: mostly(fc.dictionary(text, fc.oneof(fc.double(), text, fc.constant(null))), fc.anything()),
    },
    { requiredKeys: ['timestamp', 'metric', 'value', 'prediction', 'label'] },
  ),
  fc.jsonValue(),
);
const body = fc.oneof(
  fc.array(nearlyRecord, { maxLength: 5 }).map((records) => ({ type: 'application/json', sent: json(records) })),
  fc
    .array(nearlyRecord, { maxLength: 5 })
    .map((records) => ({ type: 'application/x-ndjson', sent: records.map(json).join('\n') })),
  fc.record({
    type: fc.oneof(fc.constantFrom('application/json', 'application/x-ndjson', 'application/x-www-form-urlencoded'), headerText),
    sent: fc.oneof(fc.jsonValue().map(json), fc.string({ unit: 'binary' }), bytes),
  }),
);

/** Neither a fault of ours nor a crash, whatever comes. */
async function answered(site: Site, response: Promise<Response>): Promise<void> {
  const { status } = await response;
  expect(site.story.logged.filter((line) => line.startsWith('error'))).toEqual([]);
  expect(status).toBeLessThan(500);
}

it('ingest answers whatever is sent, and what it took can be judged and shown', async () => {
  const site = siteOf();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('predictions', 'labels', 'samples'),
      body,
      fc.option(headerText),
      async (path, { type, sent }, key) => {
        const headers = { 'Content-Type': type, ...(key === null ? {} : { 'Idempotency-Key': key }) };
        await answered(site, Promise.resolve(site.app.request(`/v1/${path}`, { method: 'POST', body: sent as string, headers })));
      },
    ),
    { numRuns: 300 },
  );
  await site.story.pass('2m');
  for (const { id } of await site.story.incidents()) expect((await site.get(`/incidents/${id}`)).status).toBe(200);
  expect((await site.get('/')).status).toBe(200);
  expect(site.story.logged).toEqual([]);
});

it('every address answers whatever path, query, method and headers are sent', async () => {
  const site = siteOf();
  const id = await site.incident();
  const anyPart = text.map((one) => encodeURIComponent(one.toWellFormed()));
  const part = fc.oneof(anyPart, fc.constantFrom(id, '%', '%ff', '..', '', 'resolve', 'v1', 'api'));
  const path = fc.oneof(
    fc.constantFrom('/', '/healthz', '/style.css', '/api/incidents', '/api/silences', '/slack/commands', '/slack/interactions'),
    fc.constantFrom('/v1/samples', '/v1/labels', '/v1/predictions', '/api/v2/alerts', '/api/v2/status', `/incidents/${id}`),
    fc.tuple(fc.constantFrom('incidents', 'api/incidents', 'runbooks', 'alerts'), part).map((parts) => `/${parts.join('/')}`),
    fc.tuple(fc.constantFrom('incidents', 'api/incidents'), part, part).map((parts) => `/${parts.join('/')}`),
    fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  );
  const query = fc.oneof(
    fc.constantFrom('', '?status=all', '?limit=1e999', '?source=__proto__', '?source=pushed', '?%'),
    fc.webQueryParameters().map((all) => `?${all}`),
  );
  const header = fc.constantFrom('Origin', 'Authorization', 'Cookie', 'Content-Encoding', 'Content-Length', 'X-Slack-Signature');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'),
      path,
      query,
      fc.dictionary(header, headerText, { maxKeys: 1 }),
      fc.option(body),
      async (method, asked, more, headers, given) => {
        const carries = method !== 'GET' && method !== 'HEAD' && given !== null;
        const request = carries
          ? { method, headers: { 'Content-Type': given.type, ...headers }, body: given.sent as string }
          : { method, headers };
        await answered(site, Promise.resolve(site.app.request(`http://127.0.0.1${asked}${more}`, request)));
      },
    ),
    { numRuns: 500 },
  );
});

it('the API answers whatever JSON is posted, and what it took does not get in the way of judging', async () => {
  const site = siteOf();
  const id = await site.incident();
  const silence = fc.record(
    {
      match: mostly(fc.dictionary(text, fc.oneof(text, fc.array(text)), { minKeys: 1 }), fc.jsonValue()),
      durationMs: mostly(fc.integer({ min: 1, max: 8e9 }), fc.oneof(fc.double(), fc.constant(Number.MAX_SAFE_INTEGER))),
      comment: mostly(text, fc.jsonValue()),
      actor: mostly(fc.constant('cli:ana'), text),
    },
    { requiredKeys: ['match', 'durationMs'] },
  );
  const actor = fc.record({ actor: mostly(fc.constant('cli:ana'), text) });
  const request = fc.oneof(
    fc.tuple(fc.constant('/api/silences'), mostly(silence, fc.jsonValue())),
    fc.tuple(
      fc.constantFrom('acknowledge', 'escalate', 'rollback').map((response) => `/api/incidents/${id}/${response}`),
      mostly(actor, fc.jsonValue()),
    ),
  );
  await fc.assert(
    fc.asyncProperty(request, async ([path, sent]) => answered(site, site.post(path, json(sent)))),
    { numRuns: 200 },
  );
  await site.story.value('latency', 'warn', { model: 'other' });
  await site.story.pass('2m');
  expect(await site.story.incidents()).toHaveLength(2);
});

it('Slack answers whatever is signed', async () => {
  const site = siteOf();
  const id = await site.incident();
  const action = fc.oneof(fc.constantFrom('tocsin.acknowledge', 'tocsin.escalate', 'tocsin.resolve', 'tocsin.rollback'), text);
  const payload = fc.oneof(
    fc.tuple(action, mostly(fc.constant(id), text)).map(([name, value]) => press(name, String(value))['payload'] ?? ''),
    fc
      .record({ type: fc.constant('block_actions'), user: fc.jsonValue(), actions: fc.jsonValue(), response_url: fc.webUrl() })
      .map(json),
    fc.oneof(fc.jsonValue().map(json), text),
  );
  const words = fc.constantFrom('a=b', 'a="b c"', '2h', '9999999999d', '`', '&lt;', '<!channel>', '\n', id);
  const verb = fc.constantFrom('ack', 'silence', 'resolve', 'escalate', 'list', 'help', '');
  const said = fc.oneof(
    fc.tuple(verb, fc.array(words, { maxLength: 4 })).map(([first, rest]) => [first, ...rest].join(' ')),
    fc.tuple(text, text).map(([label, value]) => `silence ${label}="${value}" 2h ${value}`),
    text,
  );
  const form = fc.oneof(
    fc.record({ payload }).map((fields) => new URLSearchParams(fields).toString()),
    fc.record({ text: said, user_id: text, response_url: fc.webUrl() }).map((fields) => new URLSearchParams(fields).toString()),
    text,
  );
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('interactions', 'commands'), form, async (path, fields) => {
      // No two requests of Slack are the same to the byte.
      const sent = `${fields}&n=${count++}`;
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = `v0=${createHmac('sha256', slackSecret).update(`v0:${timestamp}:${sent}`).digest('hex')}`;
      const headers = { 'X-Slack-Request-Timestamp': timestamp, 'X-Slack-Signature': signature };
      const response = Promise.resolve(site.app.request(`/slack/${path}`, { method: 'POST', body: sent, headers }));
      await answered(site, response);
      expect((await response).status).not.toBe(401);
    }),
    { numRuns: 300 },
  );
});
