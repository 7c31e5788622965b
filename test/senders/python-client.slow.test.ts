import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../local/service.ts';
import { type Python, virtualEnvironment } from '../cloud/python.ts';
import { run, succeed } from '../cloud/run.ts';
import { type StandIn, standIn } from '../contract/stand-in.ts';
import { running } from '../local/otlp/paging.ts';

const python = await virtualEnvironment('python-client', join(import.meta.dirname, 'python-client.txt'));
const mlflow = await virtualEnvironment('mlflow', join(import.meta.dirname, 'mlflow.txt'));
const unless = (found: Python): string => (found.ok ? '' : ` (skipped: it needs ${found.missing})`);
/** Of the value that `running` gives each secret, as it has two keys in it. */
const key = 'secret';
const folder = mkdtempSync(join(tmpdir(), 'tocsin-python-client-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two models, of which the accuracy of one is judged each second; whoever sends needs a key. */
function configFor(pager: string): string {
  const config = join(folder, 'all.yaml');
  const brief = { bucket: '1s', retain: '1d' };
  writeFileSync(
    config,
    JSON.stringify({
      settings: {
        groupWait: '0s',
        otlpPort: 'off',
        ingestKeys: [
          { name: 'models', secret: 'KEY', scope: ['predictions', 'labels', 'baselines', 'changes', 'heartbeats', 'samples'] },
        ],
      },
      sources: {
        churn: { kind: 'predictions', model: 'churn', ...brief },
        logs: { kind: 'samples', ...brief },
        prices: { kind: 'predictions', model: 'prices', predicts: 'numbers', ...brief },
      },
      heartbeats: { training: { every: '1d', runbook: 'source-failing' } },
      rules: {
        wrong: {
          source: 'churn',
          query: { predictions: { metric: 'accuracy', over: '10m' } },
          step: '1s',
          category: 'performance',
          threshold: { below: { critical: 0.5 } },
          runbook: 'accuracy-drop',
        },
      },
      responders: { ana: { name: 'Ana', contacts: [{ webhook: { url: `${pager}/ana`, secret: 'PAGER' } }] } },
      policies: { main: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '20m' }] } },
      matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
    }),
  );
  return config;
}

describe('the Python client', () => {
  const installed = join(folder, 'installed');
  let pager: StandIn;
  let service: Service;
  let close: () => Promise<void>;

  beforeAll(async () => {
    if (!python.ok) return;
    // As a user installs it, from a copy: pip writes beside what it builds.
    const sources = join(folder, 'client');
    cpSync(join(import.meta.dirname, '../../clients/python'), sources, { recursive: true });
    await succeed(python.python, ['-m', 'pip', 'install', '--quiet', '--target', installed, sources]);
    pager = await standIn(() => ({}));
    ({ service, close } = await running(folder, configFor(pager.url)));
  });
  afterAll(async () => {
    await close?.();
    await pager?.close();
  });

  const ran = (command: string, script: string) =>
    run(command, [join(import.meta.dirname, script)], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        PYTHONPATH: installed,
        TOCSIN_INGEST_URL: service.url,
        TOCSIN_INGEST_KEY: key,
        DO_NOT_TRACK: 'true',
        MLFLOW_DISABLE_TELEMETRY: 'true',
      },
    });

  it.skipIf(!python.ok)(`sends what pages somebody, and all of it is taken${unless(python)}`, async () => {
    if (!python.ok) return;
    expect(await ran(python.python, 'python-client.py')).toEqual({ status: 0, output: '' });
    await expect.poll(() => pager.received.length).toBeGreaterThanOrEqual(1);
    const [page] = pager.received;
    expect(JSON.parse(page?.body ?? '')).toMatchObject({ incident: { labels: { model: 'churn' } } });
    const { store } = service.ports;
    expect(await store.series('churn', 'predictions')).toMatchObject([{ labels: { version: '8' } }]);
    expect(await store.series('prices', 'predictions')).toHaveLength(1);
    expect(await store.training('churn', '8')).toMatchObject({
      dataset: '2026-11',
      rows: 300,
      metrics: { accuracy: { count: 300 } },
      features: { charges: expect.anything(), tenure: expect.anything() },
    });
    expect(await store.changes({ limit: 5 })).toMatchObject([
      { kind: 'deploy', from: '7', to: '8', by: 'ana', labels: { model: 'churn' } },
    ]);
    expect((await store.heartbeats(['training']))[0]?.runs).toMatchObject([{ outcome: 'success', progress: { done: 1 } }]);
    expect(await store.series('logs', 'log_records')).toMatchObject([
      { labels: { service: 'churn-api', logger: 'churn.db', level: 'ERROR' } },
    ]);
  });

  it.skipIf(!python.ok || !mlflow.ok)(`makes a training of a run of a real MLflow${unless(mlflow)}`, async () => {
    if (!mlflow.ok) return;
    expect(await ran(mlflow.python, 'python-client-mlflow.py')).toMatchObject({ status: 0 });
    expect(await service.ports.store.training('churn', '9')).toMatchObject({
      dataset: expect.stringMatching(/^customers-\w+$/),
      metrics: { accuracy: { value: 0.875, count: 4812 } },
    });
  });
});
