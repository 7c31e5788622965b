import type { Part } from '../../scenario/harness.ts';
import { ruleOn } from '../../scenario/harness.ts';
import { type Site, siteOf } from '../site.ts';

const allScopes = [
  'predictions',
  'labels',
  'samples',
  'metrics',
  'baselines',
  'alerts',
  'changes',
  'heartbeats',
  'respond',
] as const;

/** A config in which every example of the document makes sense. */
export const part: Part = {
  sources: {
    pushed: { kind: 'samples', labels: { environment: 'live' } },
    apps: { kind: 'otlp' },
    churn: { kind: 'predictions', model: 'churn', bucket: '1h', promotion: 'explicit' },
    prometheus: { kind: 'alerts', category: 'availability', runbook: 'source-failing' },
  },
  rules: { slow: ruleOn('latency', { rollback: 'back' }) },
  heartbeats: {
    'nightly-features': { schedule: '0 3 * * *', timezone: 'Europe/Berlin', deadline: '06:00', runbook: 'source-failing' },
  },
  registries: { mlflow: { kind: 'mlflow', webhookSecret: 'MLFLOW_WEBHOOK' } },
  rollbacks: { back: { deployment: 'served' } },
  deployments: { served: { hook: { webhook: { url: 'https://hook.example', secret: 'HOOK' } } } },
  schedules: { ml: { timezone: 'UTC', start: '2026-01-05T09:00', rotation: 'weekly', responders: ['ana', 'ben'] } },
};

/** Where every secret is set up. */
export const guarded = {
  part,
  settings: { ingestKeys: [{ name: 'all', secret: 'KEY', scope: [...allScopes] }], webPassword: 'PASSWORD' },
} satisfies Parameters<typeof siteOf>[0];

/** Where a key may send one request a minute. */
export const slow = {
  part,
  settings: { ingestKeys: [{ name: 'all', secret: 'KEY', scope: [...allScopes], ratePerMinute: 1 }] },
  secrets: { KEY: 'k' },
} satisfies Parameters<typeof siteOf>[0];

/** One house that nobody asks for a secret. */
export const open = (more: Parameters<typeof siteOf>[0] = {}): Site => siteOf({ part, ...more });
