import { expect, it } from 'vitest';
import { replay } from '../../local/replay.ts';
import { configOf, hour, minute, ruleOn, t0 } from '../scenario/harness.ts';

it('a replay pages about its records, and not because no job, no watchdog and no registry is heard in it', async () => {
  const watchdog = { match: { alertname: 'Watchdog' }, within: '5m' };
  const config = configOf({
    sources: {
      pushed: { kind: 'samples' },
      prom: { kind: 'alerts', category: 'availability', runbook: 'source-failing', watchdog },
    },
    rules: { slow: ruleOn('latency') },
    heartbeats: { hourly: { every: '1h', grace: '5m', runbook: 'source-failing' } },
    registries: { mlflow: { kind: 'mlflow', url: 'http://mlflow.example:5000' } },
  });
  const records = Array.from({ length: 24 * 60 }, (_, n) => ({
    kind: 'sample' as const,
    at: t0 + n * minute,
    record: { metric: 'latency', value: n >= 600 && n < 640 ? 250 : 10, timestamp: t0 + n * minute, labels: {} },
  }));
  const { ports } = await replay({ config, source: 'pushed', records, observe: () => {} });
  const incidents = await ports.store.incidents({ status: 'all', limit: 10 });
  expect(incidents.flatMap(({ alerts }) => alerts.map(({ ruleId }) => ruleId))).toEqual(['slow']);
  expect(incidents[0]?.openedAt).toBeLessThan(t0 + 11 * hour);
  await ports.store.close();
});
