import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { otlpMetrics } from '../../../adapters/opentelemetry/metrics.ts';
import { sendMetrics } from '../../../app/selfcheck/send-metrics.ts';
import { readProtobuf } from '../../../core/telemetry/otlp/read-protobuf.ts';
import { storyOf, t0 } from '../../scenario/harness.ts';

type Posted = { url: string | undefined; headers: IncomingHttpHeaders; body: Uint8Array };
const posted: Posted[] = [];
let answer: (response: ServerResponse) => void;
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  posted.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
  answer(response);
});
let endpoint: string;
beforeAll(async () => {
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/v1/metrics`;
});
afterAll(async () => {
  await once(receiver.close(), 'close');
});
beforeEach(() => {
  posted.length = 0;
  answer = (response) => response.end();
});

const sender = otlpMetrics({ resource: { 'service.name': 'tocsin' }, startedAt: t0 });

const storyWith = (value: string | undefined) => {
  const send = { endpoint, headers: { 'DD-API-KEY': 'DD_KEY' } };
  const story = storyOf({ settings: { metrics: { send, judgements: true } } });
  return { ...story, ports: { ...story.ports, secrets: { get: async () => value } } };
};

test('metrics are sent as OTLP, with the header that a secret holds', async () => {
  const story = storyWith('k3y');
  await story.value('latency', 'critical');
  await story.pass('1m');
  story.ports.inFlight.ignoredAlerts.set('prom', 4);
  const sent = await sendMetrics(story.ports, { send: sender, version: '1.2.3' }, story.clock.now());
  expect(sent.outcome).toBe('sent');
  expect(posted).toHaveLength(1);
  expect(posted[0]).toMatchObject({
    url: '/v1/metrics',
    headers: { 'dd-api-key': 'k3y', 'content-type': 'application/x-protobuf' },
  });
  const [resource] = readProtobuf(posted[0]?.body ?? new Uint8Array());
  expect(resource?.resource).toEqual(['service.name', expect.stringContaining('tocsin')]);
  const metrics = new Map(resource?.scopes.flatMap((scope) => scope.metrics.map((metric) => [metric.name, metric] as const)));
  expect(metrics.get('tocsin_open_incidents')?.data).toMatchObject({ kind: 'gauge', points: [{ value: 1 }] });
  expect(metrics.get('tocsin_rule_judged_timestamp')?.unit).toBe('s');
  expect(metrics.get('tocsin_ignored_alerts')?.data).toMatchObject({ kind: 'sum', monotonic: true, temporality: 'cumulative' });
  expect(metrics.has('tocsin_rule_value')).toBe(true);
});

test('a receiver that refuses, cuts, or whose header has no value, fails alone and is named without its path', async () => {
  const story = storyWith('k3y');
  const answers: (typeof answer)[] = [
    (response) => response.writeHead(503).end(),
    (response) => response.writeHead(302, { location: 'http://elsewhere.example' }).end(),
    (response) => response.destroy(),
  ];
  for (const bad of answers) {
    answer = bad;
    const sent = await sendMetrics(story.ports, { send: sender, version: '1.2.3' }, story.clock.now());
    expect(sent).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(sent)).not.toMatch(/k3y|v1\/metrics/);
  }
  posted.length = 0;
  const without = await sendMetrics(storyWith(undefined).ports, { send: sender, version: '1.2.3' }, t0);
  expect(without).toEqual({ outcome: 'failed', error: expect.stringContaining('DD_KEY') });
  expect(posted).toEqual([]);
});

test('a secret that no header can carry is not quoted', async () => {
  for (const value of ['k3y\nk3y-of-before', 'k3y\u2026']) {
    const sent = await sendMetrics(storyWith(value).ports, { send: sender, version: '1' }, t0);
    expect(sent).toEqual({ outcome: 'failed', error: expect.stringContaining('DD_KEY') });
    expect(JSON.stringify(sent)).not.toContain('k3y');
  }
  expect(posted).toEqual([]);
});

test('many points go in several requests, each of them once', async () => {
  const points = (count: number) => Array.from({ length: count }, (_, at) => ({ labels: { at: String(at) }, value: at }));
  const gauge = (name: string, count: number) => ({ name, kind: 'gauge', help: 'x', points: points(count) }) as const;
  await sender([gauge('tocsin_a', 3000), gauge('tocsin_b', 6000), gauge('tocsin_c', 1)], { endpoint, headers: {} }, t0);
  const sizes = posted.map(({ body }) =>
    readProtobuf(body).flatMap(({ scopes }) =>
      scopes.flatMap(({ metrics }) =>
        metrics.map(({ name, data }) => [name, data !== undefined && 'points' in data ? data.points.length : Number.NaN]),
      ),
    ),
  );
  expect(sizes).toEqual([
    [
      ['tocsin_a', 3000],
      ['tocsin_b', 1000],
    ],
    [['tocsin_b', 4000]],
    [
      ['tocsin_b', 1000],
      ['tocsin_c', 1],
    ],
  ]);
});

test('without an address nothing is read or sent', async () => {
  const story = storyOf();
  expect(await sendMetrics(story.ports, { send: sender, version: '1' }, t0)).toEqual({ outcome: 'nowhere' });
  expect(posted).toEqual([]);
});
