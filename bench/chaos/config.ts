import type { ConfigInput } from '../../core/config/schema.ts';

export const hookSecret = { HOOK_SECRET: 'a-secret-of-the-harness' };

/**
 * One metric judged every second above 200, alerts of another system, and a receiver of pages who
 * is paged at once: without the storm limit, so that every reason is a page of its own and can be
 * counted.
 */
export const pushConfig = (receiver: string, settings: ConfigInput['settings'] = {}): ConfigInput => ({
  settings: { pageInterval: '0s', groupBy: ['model'], ...settings },
  sources: {
    sensor: { kind: 'samples', bucket: '1s' },
    others: { kind: 'alerts', category: 'availability', runbook: 'latency-spike' },
  },
  rules: {
    slow: {
      source: 'sensor',
      query: { samples: { metric: 'latency', statistic: 'max' } },
      step: '1s',
      category: 'latency',
      threshold: { above: { critical: 200 } },
      maxSeries: 10_000,
      runbook: 'latency-spike',
    },
  },
  responders: { ana: { name: 'Ana', contacts: [{ webhook: { url: `${receiver}/pages`, secret: 'HOOK_SECRET' } }] } },
  policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '1h' }] } },
  matrix: { default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } } },
});

/** An alert as Prometheus posts it, that goes on firing for an hour. */
export const alertPayload = (model: string, more: Record<string, string> = {}) => ({
  labels: { alertname: 'Down', severity: 'critical', model, ...more },
  annotations: { summary: `${model} is down` },
  endsAt: new Date(Date.now() + 3_600_000).toISOString(),
});
