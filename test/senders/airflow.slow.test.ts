import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { expect, test } from 'vitest';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { runtimeOf } from '../app/runtime.ts';
import { run } from '../cloud/run.ts';
import { freePort } from '../local/free-port.ts';

const isThere = spawnSync('python3', ['--version']).status === 0;
const examples = join(import.meta.dirname, '../../docs/examples');

// With stand-ins for the context of Airflow, which is not installed.
test.skipIf(!isThere)(
  `the callback for Airflow tells of a task and of a DAG${isThere ? '' : ' (skipped: it needs python3)'}`,
  async () => {
    const { ports } = runtimeOf(
      {
        settings: { ingestKeys: [{ name: 'airflow', secret: 'KEY', scope: ['alerts'] }] },
        sources: { airflow: { kind: 'alerts', category: 'pipeline', runbook: 'source-failing' } },
      },
      { secrets: { get: async () => 'a-key' } },
    );
    const port = await freePort();
    const app = httpApp({ parts: allParts, ports, now: Date.now, runbooks: new Map(), access: 'public' });
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
    const call = async (what: string, more: Record<string, string> = {}): Promise<void> => {
      const env = {
        PATH: process.env['PATH'],
        TOCSIN_INGEST_URL: `http://127.0.0.1:${port}/`,
        TOCSIN_INGEST_KEY: 'a-key',
        TOCSIN_SOURCE: 'airflow',
        ...more,
      };
      const { status, output } = await run('python3', [join(import.meta.dirname, 'airflow.py'), examples, what], { env });
      expect([status, output]).toEqual([0, expect.stringMatching(/Tocsin was not told/)]);
    };
    const firing = async () =>
      (await ports.store.alerts())
        .filter(isActive)
        .map(({ ruleId, reason, external }) => [ruleId, reason, external?.link])
        .toSorted();
    const dag = ['airflow/AirflowDagFailed', 'task_failure; run scheduled__1', undefined];
    try {
      await call('fail', { TOCSIN_INGEST_KEY: 'another' });
      expect(await firing()).toEqual([]);
      await call('fail');
      expect(await firing()).toEqual([
        dag,
        ['airflow/AirflowTaskFailed', 'no rows; run scheduled__1; try 2', 'http://airflow.example/log'],
      ]);
      await call('succeed');
      expect(await firing()).toEqual([dag]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
      await ports.store.close();
    }
  },
);
