import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, project } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { checksConfig, firingIn } from './checks-service.ts';

// The same environment as that of dbt, whose events this client sends.
const python = await virtualEnvironment('dbt', join(import.meta.dirname, 'dbt.txt'));
const skipped = python.ok ? '' : ` (skipped: it needs ${python.missing})`;

const keyed = `${checksConfig}
settings:
  ingestKeys: [{ name: jobs, secret: CHECKS_TEST_KEY, scope: [alerts], sources: [checks] }]
`;

test.skipIf(!python.ok)(
  `the Python client of OpenLineage tells of failed jobs and assertions, with its key${skipped}`,
  async () => {
    if (!python.ok) return;
    process.env['CHECKS_TEST_KEY'] = 'a-key';
    const service = await serviceIn(project({ 'config/checks.yaml': keyed }));
    const job = async (outcome: 'good' | 'bad', day: string, key = 'a-key') => {
      const config = `transport:\n  type: http\n  url: ${service.url}\n  endpoint: v1/alerts/openlineage?source=checks\n  auth: { type: api_key, apiKey: ${key} }\n`;
      const cwd = folderOf({ 'openlineage.yml': config });
      return run(python.python, [join(import.meta.dirname, 'openlineage-events.py'), outcome, day], {
        cwd,
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
      });
    };
    try {
      const refused = await job('bad', '2026-11-28', 'another');
      expect([refused.status, refused.output]).toEqual([1, expect.stringMatching(/401/)]);
      const failed = await job('bad', '2026-11-28');
      expect([failed.status, failed.output]).toEqual([0, expect.stringMatching(/slowest [0-4]\./)]);
      expect(await firingIn(service)).toEqual([
        expect.stringMatching(/^job churn\.score failed: ValueError: 120 nulls \(run [\da-f-]{36}\)$/),
        expect.stringMatching(/^not_null on orders\/2026-11-28\.parquet\.customer_id failed/),
      ]);
      const alerts = await service.ports.store.alerts();
      expect(alerts.find(({ labels }) => labels['alertname'] === 'not_null')?.labels).toMatchObject({
        dataset: 'orders/{date}.parquet',
        namespace: 's3://data',
        pipeline: 'churn_dag',
        outputs: ',scores,',
      });
      expect(alerts.find(({ labels }) => labels['alertname'] === 'job_failed')).toMatchObject({
        category: 'pipeline',
        labels: { dataset: 'scores', inputs: ',orders/{date}.parquet,' },
      });
      expect(new Set(alerts.map(({ joined }) => joined?.incidentId)).size).toBe(1);
      expect((await job('good', '2026-11-29')).status).toBe(0);
      expect(await firingIn(service)).toEqual([]);
    } finally {
      await service.close();
      delete process.env['CHECKS_TEST_KEY'];
    }
  },
);
