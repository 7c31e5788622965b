import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sourceKinds } from '../../../core/telemetry/sources/source.ts';
import { receiver } from '../../../local/otlp/receiver.ts';
import { telemetryFile } from '../../../stores/telemetry/index.ts';
import { freePort } from '../free-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-otlp-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = join(import.meta.dirname, '../../..');
const timeout = 120_000;

const config = {
  sources: { apps: { kind: 'otlp' } },
  rules: {
    many: {
      source: 'apps',
      query: { otlp: { metric: 'predictions', statistic: 'sum' } },
      category: 'latency',
      step: '1m',
      threshold: { above: { critical: 1e9 } },
      runbook: 'latency-spike',
    },
  },
  responders: { ana: { name: 'Ana', contacts: [{ terminal: true }] } },
  policies: { main: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '20m' }] } },
  matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
};

/** A counter that began now and has grown to `value` after `ms`. */
const body = (start: number, ms: number, value: number): string => {
  const nanos = (at: number): string => `${at}000000`;
  const point = { startTimeUnixNano: nanos(start), timeUnixNano: nanos(start + ms), asInt: String(value) };
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] };
  return JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'predictions', sum }] }] }] });
};

it('after kill -9 every point that was answered counts, and once, also if it is sent again', { timeout }, async () => {
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify({ ...config, settings: { otlpPort: await freePort() } }));
  const store = join(folder, 'store.sqlite');
  const port = await freePort();
  let answered = 0;
  let start = 0;
  for (let life = 0; life < 2; life += 1) {
    const args = ['scripts/start.ts', '--no-example', '--config', file, '--store', store, '--port', String(port)];
    const service = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    const ready = new Promise<void>((resolve) => {
      service.stdout.on('data', (chunk) => {
        output += chunk;
        if (output.includes('OTLP metrics are taken')) resolve();
      });
    });
    await ready;
    if (start === 0) start = Date.now();
    const post = async (value: number): Promise<void> => {
      const headers = { 'content-type': 'application/json' };
      const url = `http://127.0.0.1:${port}/v1/metrics`;
      const response = await fetch(url, { method: 'POST', headers, body: body(start, value, value) });
      expect(await response.json()).toEqual({});
    };
    // What the life before was told again.
    if (answered > 0) await post(answered);
    for (let i = 0; i < 20; i += 1) {
      await post(answered + 5);
      answered += 5;
    }
    service.kill('SIGKILL');
    await once(service, 'exit');
  }
  const own = receiver({
    file: telemetryFile({ path: join(folder, 'store-otlp.sqlite'), now: 0, onDamage: (what) => expect.unreachable(what) }),
    sources: { apps: sourceKinds.otlp.schema.parse(config.sources.apps) },
    maxFuture: 600_000,
    now: Date.now,
    log: () => {},
  });
  const query = sourceKinds.otlp.query.parse({ metric: 'predictions', statistic: 'sum', over: '2h' });
  const to = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 3_600_000;
  const [answer] = own.query('apps', [{ query, from: to - 3_600_000, to, step: 3_600_000 }]);
  own.close();
  expect(answer).toMatchObject({ ok: true, series: [{ points: [{ value: answered }] }] });
});
