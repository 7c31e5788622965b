import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { afterAll, expect, it } from 'vitest';
import { otlpLine } from '../../../local/main.ts';
import { standIn } from '../../contract/stand-in.ts';
import { freePort } from '../free-port.ts';
import { configFor, paged, running } from './paging.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-otlp-service-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const timeout = 60_000;

it.each([
  ['protobuf', ProtobufExporter],
  ['JSON', JsonExporter],
])('what the JavaScript SDK measures pages somebody, sent in %s', { timeout }, async (_format, Exporter) => {
  const pager = await standIn(() => ({}));
  const port = await freePort();
  const { service, close } = await running(folder, configFor(folder, pager.url, port));
  expect(otlpLine(service)).toMatch(`and at http://127.0.0.1:${port}/v1/metrics`);
  const exporter = new Exporter({ url: `http://127.0.0.1:${port}/v1/metrics` });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('churn');
  const predictions = meter.createCounter('predictions');
  const duration = meter.createHistogram('predict.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.1, 0.5, 1, 2] },
  });
  for (let i = 0; i < 5; i += 1) {
    predictions.add(1, { outcome: 'error' });
    duration.record(0.8);
  }
  await provider.forceFlush();
  // Sends the same points again.
  await provider.shutdown();
  await paged(pager, service);
  await close();
  await pager.close();
});

it('a port that is taken is told, and the service goes on', { timeout }, async () => {
  const port = await freePort();
  const taken = createServer().listen(port, '127.0.0.1');
  const { service, close } = await running(folder, configFor(folder, 'http://127.0.0.1:9', port));
  expect(otlpLine(service)).toMatch(`not at port ${port}: something else listens there`);
  const body = { resourceMetrics: [] };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${service.url}/v1/metrics`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect([response.status, await response.json()]).toEqual([200, {}]);
  await close();
  taken.close();
});
