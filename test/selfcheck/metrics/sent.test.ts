import { expect, test } from 'vitest';
import { otlpMetrics } from '../../../adapters/opentelemetry/metrics.ts';
import { sendMetrics } from '../../../app/selfcheck/send-metrics.ts';
import { readProtobuf } from '../../../core/telemetry/otlp/read-protobuf.ts';
import { storyOf, t0 } from '../../scenario/harness.ts';

const endpoint = 'http://collector.example/v1/metrics';
const send = { endpoint, headers: { 'DD-API-KEY': 'DD_KEY' } };

type Posted = { url: string; headers: Record<string, string>; body: Uint8Array };

/** A receiver in place of `fetch`. */
function receiver(answer: () => Response | Promise<never> = () => new Response('')) {
  const posted: Posted[] = [];
  const fetch = async (url: string, init: { headers: Record<string, string>; body: Uint8Array }): Promise<Response> => {
    posted.push({ url, headers: init.headers, body: init.body });
    return answer();
  };
  const sender = otlpMetrics({ resource: { 'service.name': 'tocsin' }, startedAt: t0, fetch: fetch as never });
  return { posted, sender };
}

const storyWith = (value: string | undefined) => {
  const story = storyOf({ settings: { metrics: { send, judgements: true } } });
  return { ...story, ports: { ...story.ports, secrets: { get: async () => value } } };
};

test('metrics are sent as OTLP, with the header that a secret holds', async () => {
  const story = storyWith('k3y');
  await story.value('latency', 'critical');
  await story.pass('1m');
  story.ports.inFlight.ignoredAlerts.set('prom', 4);
  const { posted, sender } = receiver();
  const sent = await sendMetrics(story.ports, { send: sender, version: '1.2.3' }, story.clock.now());
  expect(sent.outcome).toBe('sent');
  expect(posted).toHaveLength(1);
  expect(posted[0]).toMatchObject({ url: endpoint, headers: { 'DD-API-KEY': 'k3y', 'content-type': 'application/x-protobuf' } });
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
  for (const answer of [
    () => new Response('', { status: 503 }),
    () => new Response('', { status: 302, headers: { location: 'http://elsewhere.example' } }),
    () => Promise.reject(new TypeError('fetch failed')),
  ]) {
    const { sender } = receiver(answer);
    const sent = await sendMetrics(story.ports, { send: sender, version: '1.2.3' }, story.clock.now());
    expect(sent).toMatchObject({ outcome: 'failed' });
    expect(JSON.stringify(sent)).not.toMatch(/k3y|v1\/metrics/);
  }
  const { posted, sender } = receiver();
  const without = await sendMetrics(storyWith(undefined).ports, { send: sender, version: '1.2.3' }, t0);
  expect(without).toEqual({ outcome: 'failed', error: expect.stringContaining('DD_KEY') });
  expect(posted).toEqual([]);
});

test('without an address nothing is read or sent', async () => {
  const story = storyOf();
  const { posted, sender } = receiver();
  expect(await sendMetrics(story.ports, { send: sender, version: '1' }, t0)).toEqual({ outcome: 'nowhere' });
  expect(posted).toEqual([]);
});
