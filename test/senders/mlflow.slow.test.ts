import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { expect, test } from 'vitest';
import { mlflowRegistries } from '../../adapters/mlflow/index.ts';
import { registryRuns } from '../../adapters/registry-runs.ts';
import { pollRegistries } from '../../app/ingest/poll-registries.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { runtimeOf } from '../app/runtime.ts';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { freePort } from '../local/free-port.ts';

const python = await virtualEnvironment('mlflow', join(import.meta.dirname, 'mlflow.txt'));
const skipped = python.ok ? '' : ` (skipped: it needs ${python.missing})`;
const secret = 'a-secret-of-a-webhook';
const minutes = 60_000;

/** A real server of MLflow, which may send to this machine. */
async function mlflowServer(command: string, folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const port = await freePort();
  const log = join(folder, 'mlflow.log');
  const child = spawn(
    command,
    [
      '-m',
      'mlflow',
      'server',
      '--backend-store-uri',
      'sqlite:///mlflow.db',
      '--default-artifact-root',
      join(folder, 'artifacts'),
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
    ],
    {
      cwd: folder,
      detached: true,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        DO_NOT_TRACK: 'true',
        MLFLOW_DISABLE_TELEMETRY: 'true',
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http',
        MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
        MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
      },
    },
  );
  const written = createWriteStream(log);
  child.stdout.pipe(written, { end: false });
  child.stderr.pipe(written, { end: false });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      async () => {
        if (child.exitCode !== null) throw new Error(`mlflow ended: ${readFileSync(log, 'utf8').slice(-2000)}`);
        return fetch(`${url}/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      },
      { timeout: 5 * minutes, interval: 500 },
    )
    .toBe(true);
  return {
    url,
    async close() {
      // The server and its workers are one group of processes.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
      written.end();
    },
  };
}

async function houseOf(mlflow: string): Promise<{ ports: Ports; hook: string; close(): Promise<void> }> {
  const { ports } = runtimeOf(
    {
      sources: { training: { kind: 'alerts', category: 'pipeline', runbook: 'source-failing' } },
      registries: {
        mlflow: {
          ...{ kind: 'mlflow', webhookSecret: 'MLFLOW_WEBHOOK', url: mlflow, every: '1m' },
          runs: { experiments: ['churn-training'], source: 'training' },
        },
      },
    },
    {
      secrets: { get: async () => secret },
      askRegistry: mlflowRegistries({ get: async () => secret }),
      askRuns: registryRuns({ get: async () => secret }),
    },
  );
  const app = httpApp({ parts: allParts, ports, now: Date.now, runbooks: new Map(), access: 'public' });
  const port = await freePort();
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
  return {
    ports,
    hook: `http://127.0.0.1:${port}/v1/mlflow/mlflow`,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await ports.store.close();
    },
  };
}

test.skipIf(!python.ok)(
  `what is moved in the registry of a real MLflow is a change, by webhook and by asking, and a run that failed is an alert${skipped}`,
  async () => {
    if (!python.ok) return;
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-mlflow-'));
    const mlflow = await mlflowServer(python.python, folder);
    const house = await houseOf(mlflow.url);
    const { ports } = house;
    const step = async (name: string): Promise<void> => {
      const env = {
        PATH: process.env['PATH'],
        HOME: folder,
        MLFLOW: mlflow.url,
        HOOK: house.hook,
        SECRET: secret,
        STEP: name,
        DO_NOT_TRACK: 'true',
      };
      const { status, output } = await run(python.python, [join(import.meta.dirname, 'registry.py')], { env });
      expect([status, output]).toEqual([0, expect.any(String)]);
    };
    const told = async () =>
      (await ports.store.changes({ limit: 50 })).map(({ summary, from, to }) => [summary, from, to]).toSorted();
    const within = { timeout: minutes, interval: 200 };
    try {
      await step('begin');
      const registered = [
        ['alias champion of model churn set to version 1', undefined, '1'],
        ['model churn registered', undefined, undefined],
        ['version 1 of model churn registered', undefined, '1'],
        ['version 2 of model churn registered', undefined, '2'],
      ];
      // The call by which the webhook was tried out taught nothing.
      await expect.poll(told, within).toEqual(registered);
      await step('move');
      const moved = ['alias champion of model churn moved from version 1 to 2', '1', '2'];
      await expect.poll(told, within).toEqual([moved, ...registered].toSorted());

      const asked = Date.now();
      await pollRegistries(ports, asked);
      expect(await told()).toEqual([moved, ...registered].toSorted());
      await step('silent');
      await pollRegistries(ports, asked + 5 * minutes);
      const back = ['alias champion of model churn moved from version 2 to 1', '2', '1'];
      expect(await told()).toEqual(
        [moved, back, ['version 3 of model churn registered', undefined, '3'], ...registered].toSorted(),
      );
      const firing = async () => (await ports.store.alerts()).filter(isActive);
      await step('failed');
      await pollRegistries(ports, asked + 15 * minutes);
      expect(await firing()).toMatchObject([
        {
          ruleId: 'training/MlflowRunFailed',
          labels: { experiment: 'churn-training' },
          reason: expect.stringContaining('run nightly-failed ('),
        },
      ]);
      await step('finished');
      await pollRegistries(ports, asked + 20 * minutes);
      expect(await firing()).toEqual([]);
    } finally {
      await mlflow.close();
      await house.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
