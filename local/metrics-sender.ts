import { sendMetrics } from '../app/selfcheck/send-metrics.ts';
import type { Config } from '../core/config/schema.ts';
import about from '../package.json' with { type: 'json' };
import type { Outgoing } from './run/watch-loop.ts';

/**
 * Sends metrics where the config says; undefined if it says nothing. The encoder loads only then.
 */
export async function metricsSender({ settings }: Config, startedAt: number): Promise<Outgoing['metrics']> {
  if (settings.metrics.send === undefined) return undefined;
  const { otlpMetrics } = await import('../adapters/opentelemetry/metrics.ts');
  const { version } = about;
  const send = otlpMetrics({ resource: { 'service.name': 'tocsin', 'service.version': version }, startedAt });
  return (ports, now) => sendMetrics(ports, { send, version }, now);
}
