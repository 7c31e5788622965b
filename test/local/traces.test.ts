import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../local/clock.ts';
import { realRun } from '../../local/run/real-run.ts';
import { openService } from '../../local/service.ts';
import { type OtlpReceiver, otlpReceiver } from '../contract/otlp-receiver.ts';
import { standIn } from '../contract/stand-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-local-traces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const senderTrace = '4bf92f3577b34da6a3ce929d0e0e4736';

const alertIn = { path: '/api/v2/alerts', body: [{ labels: { alertname: 'Down', severity: 'critical' } }] };
const sampleIn = () => ({ path: '/v1/samples', body: [{ metric: 'latency', value: 900, timestamp: Date.now() }] });

/** What comes in, with a service that sends its spans to `endpoint`; until its page is there. */
async function sentToPage(endpoint: string | undefined, { path, body }: { path: string; body: unknown } = alertIn) {
  const pager = await standIn(() => ({}));
  const records: { traceId?: string; spanId?: string }[] = [];
  const config = join(folder, 'config.yaml');
  const settings = endpoint === undefined ? {} : { traces: { endpoint } };
  writeFileSync(
    config,
    JSON.stringify({
      settings,
      sources: {
        prom: { kind: 'alerts', category: 'availability', runbook: 'latency-spike' },
        sensor: { kind: 'samples', bucket: '1m' },
      },
      rules: {
        slow: {
          source: 'sensor',
          query: { samples: { metric: 'latency', statistic: 'max' } },
          step: '1m',
          category: 'latency',
          threshold: { above: { critical: 200 } },
          runbook: 'latency-spike',
        },
      },
      responders: { ana: { name: 'Ana', contacts: [{ webhook: { url: `${pager.url}/ana`, secret: 'PAGER' } }] } },
      policies: { main: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '20m' }] } },
      matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
    }),
  );
  let run: ReturnType<typeof realRun> | undefined;
  const service = await openService({
    config,
    runbooks: 'runbooks',
    store: ':memory:',
    port: 0,
    clock: systemClock,
    secrets: { get: async () => 'a secret' },
    write: (line) => void records.push(JSON.parse(line)),
    colors: false,
    log: 'json',
    onEffects: () => run?.kick(),
    onFold: (folded) => run?.folded(folded),
  });
  run = realRun(service.ports, systemClock);
  const response = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${senderTrace}-00f067aa0ba902b7-01` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  await expect.poll(() => pager.received).toHaveLength(1);
  await run.stop();
  await service.close();
  await pager.close();
  return { page: pager.received[0], records };
}

it('a service on one machine sends the spans from the request of a sender to the page', async () => {
  const spans: OtlpReceiver = await otlpReceiver();
  const { page, records } = await sentToPage(spans.url);
  await spans.close();
  const [sending] = spans.named('send a page');
  expect(spans.wayTo(sending)).toEqual(['POST /api/v2/alerts', 'decide', 'deliver page', 'send a page']);
  expect(sending?.traceId).toBe(senderTrace);
  expect(page?.headers['traceparent']).toContain(senderTrace);
  expect(records.filter(({ traceId, spanId }) => traceId === senderTrace && spanId !== undefined).length).toBeGreaterThan(2);
});

it('the trace of a page about a sample that breaches at once is linked to the request that brought it', async () => {
  const spans: OtlpReceiver = await otlpReceiver();
  await sentToPage(spans.url, sampleIn());
  await spans.close();
  expect(spans.wayTo(spans.named('send a page')[0])).toEqual(['evaluate early', 'decide', 'deliver page', 'send a page']);
  const [request] = spans.named('POST /v1/samples');
  expect(request?.traceId).toBe(senderTrace);
  expect(spans.named('evaluate early')[0]?.links).toEqual([{ traceId: senderTrace, spanId: request?.spanId }]);
});

it('it pages all the same when nobody takes its spans, and sends none unless it is asked to', async () => {
  expect((await sentToPage('http://127.0.0.1:9/v1/traces')).page).toBeDefined();
  const { page, records } = await sentToPage(undefined);
  expect(page?.headers['traceparent']).toBeUndefined();
  expect(records.filter(({ spanId }) => spanId !== undefined)).toEqual([]);
});
