import assert from 'node:assert/strict';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { Step } from '../steps.ts';
import { until } from '../until.ts';
import type { Stage, World } from '../world.ts';

type Options = NonNullable<ConstructorParameters<typeof OTLPMetricExporter>[0]>;

/**
 * A model's service with the JavaScript SDK of OpenTelemetry, which sends to the ingest address.
 */
function serviceAt(url: string, key: string) {
  const headers = { authorization: `Bearer ${key}` };
  // Its enum is in a package of its own.
  const compression = 'gzip' as NonNullable<Options['compression']>;
  const exporter = new OTLPMetricExporter({ url, headers, compression });
  const provider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 600_000 })],
  });
  const drift = provider.getMeter('churn').createGauge('churn.drift.psi');
  return {
    async send(value: number): Promise<void> {
      drift.record(value, { model: 'churn' });
      await provider.forceFlush();
    },
    stop: () => provider.shutdown(),
  };
}

export function otlpStory(world: World, stage: () => Stage): Step[] {
  return [
    {
      name: 'what an OpenTelemetry SDK sends to the ingest address in protobuf and gzip pages, and its recovery resolves',
      async work() {
        const { name, deployed, pager, keys } = stage();
        const url = deployed.ingestAt('/v1/metrics');
        const headers = { authorization: 'Bearer not-the-key', 'content-type': 'application/x-protobuf' };
        assert.equal((await fetch(url, { method: 'POST', headers, body: 'x' })).status, 401);
        const service = serviceAt(url, keys.ingest);
        const page = await until(
          'a page about drift',
          async () => {
            await service.send(0.31);
            await world.account.evaluate(name);
            return (await pager.pages()).find(({ reason, text }) => reason === 'triggered' && text.includes('Drift of a model'));
          },
          { seconds: 120, state: async () => ({ incidents: await deployed.incidents('all'), pages: await pager.pages() }) },
        );
        assert.match(page.text, /churn/);
        await until(
          'its end',
          async () => {
            await service.send(0.01);
            await world.account.evaluate(name);
            return (await deployed.incident(page.incident)).incident.status === 'resolved';
          },
          { seconds: 120, state: async () => deployed.incident(page.incident) },
        );
        await service.stop();
      },
    },
    {
      name: 'OTLP in JSON and gzip, which a Function URL takes for text and breaks, is refused and says what to send',
      async work() {
        const { deployed, keys } = stage();
        const headers = {
          authorization: `Bearer ${keys.ingest}`,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        };
        const response = await fetch(deployed.ingestAt('/v1/metrics'), { method: 'POST', headers, body: 'whatever' });
        assert.equal(response.status, 415);
        assert.match(await response.text(), /protobuf/);
      },
    },
  ];
}
