import type { Ports } from '../../app/ports/ports.ts';
import type { SendMetrics } from '../../app/ports/send-metrics.ts';
import { sendMetrics } from '../../app/selfcheck/send-metrics.ts';
import about from '../../package.json' with { type: 'json' };

let sender: Promise<SendMetrics> | undefined;

/** Sends metrics where the config says. The encoder loads only if it says so. */
export async function sendOwnMetrics(ports: Ports, now: number): Promise<void> {
  if (ports.config.settings.metrics.send === undefined) return;
  sender ??= open(now);
  await sendMetrics(ports, { send: await sender, version: about.version }, now);
}

async function open(startedAt: number): Promise<SendMetrics> {
  const { otlpMetrics } = await import('../../adapters/opentelemetry/metrics.ts');
  const { AWS_REGION = '', TOCSIN_STAGE = '' } = process.env;
  const resource = {
    'service.name': 'tocsin',
    'service.version': about.version,
    'deployment.environment.name': TOCSIN_STAGE,
    'cloud.provider': 'aws',
    'cloud.region': AWS_REGION,
  };
  return otlpMetrics({ resource, startedAt });
}
