import { spawn, spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { evaluate } from '../app/evaluate/evaluate.ts';
import { newInFlight } from '../app/in-flight.ts';
import type { Ports } from '../app/ports/ports.ts';
import { everySource } from '../app/ports/source.ts';
import { storedSources } from '../app/sources/all-sources.ts';
import { configSchema } from '../core/config/schema.ts';
import { seriesRef } from '../core/telemetry/samples/summary.ts';
import { sqliteStore } from '../stores/sqlite/index.ts';
import { freePort } from '../test/local/free-port.ts';
import { writeBody } from './write-body.ts';

const rules = 10_000;
const metrics = 100;
const minute = 60_000;
/** Samples before now, one a minute; a window of 60 of them is judged. */
const history = 66;
const window = 60;
const evaluations = 4;

const metricOf = (i: number): string => `latency_${i % metrics}`;
const endpointOf = (i: number): string => `endpoint-${Math.floor(i / metrics)}`;
const valueAt = (i: number, n: number): number => 100 + ((i * 7 + n * 13) % 20) / 10;
const bands = { warn: 150, critical: 250 };

/**
 * The mean of the last 60 samples of 10,000 series against two bounds each, judged by Prometheus
 * from its own storage and by Tocsin from its own, one after the other on the same machine.
 */
export async function benchBesidePrometheus(): Promise<{ name: string; value: string }[]> {
  if (spawnSync('prometheus', ['--version']).error !== undefined)
    return [{ name: 'beside Prometheus', value: 'not measured: Prometheus is not on this machine' }];
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  try {
    const now = Math.floor(Date.now() / minute) * minute;
    const theirs = await prometheusMs(folder, now);
    const ours = await tickMs(folder, now);
    return [
      {
        name: 'beside Prometheus: 10,000 rules of two bounds, means of 60 samples, its rule group (20,000 rules)',
        value: `${Math.round(theirs)} ms`,
      },
      { name: "beside Prometheus: the same in Tocsin's tick, end to end", value: `${Math.round(ours)} ms` },
      { name: "beside Prometheus: Tocsin's time by Prometheus' time", value: (ours / theirs).toFixed(2) },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median of the times of a rule group, as Prometheus tells them. */
async function prometheusMs(folder: string, now: number): Promise<number> {
  const ruleOf = (i: number): string =>
    Object.entries(bands)
      .map(
        ([severity, bound]) =>
          `      - { alert: rule-${i}, expr: 'avg_over_time(${metricOf(i)}{endpoint="${endpointOf(i)}"}[${window}m]) > ${bound}', labels: { severity: ${severity} } }\n`,
      )
      .join('');
  const group = Array.from({ length: rules }, (_, i) => ruleOf(i)).join('');
  writeFileSync(join(folder, 'rules.yml'), `groups:\n  - name: bench\n    interval: 10s\n    rules:\n${group}`);
  writeFileSync(join(folder, 'prometheus.yml'), `rule_files: [${join(folder, 'rules.yml')}]\n`);
  const port = await freePort();
  const args = [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.enable-remote-write-receiver',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ];
  const child = spawn('prometheus', args, { stdio: 'ignore' });
  try {
    const url = `http://127.0.0.1:${port}`;
    const isReady = () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) await wait(100);
    await writeSamples(url, now);
    const times: number[] = [];
    // What was evaluated before the samples were there is not counted.
    let seen = Number.POSITIVE_INFINITY;
    for (const begun = performance.now(); times.length < evaluations; ) {
      if (performance.now() - begun > 180_000) throw new Error('Prometheus did not evaluate the rules within three minutes');
      await wait(500);
      const text = await fetch(`${url}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
      const readingOf = (name: string): number => Number(new RegExp(`^${name}\\{.*\\} (.*)$`, 'm').exec(text)?.[1] ?? 0);
      const iterations = readingOf('prometheus_rule_group_iterations_total');
      if (iterations > seen) times.push(readingOf('prometheus_rule_group_last_duration_seconds') * 1000);
      if (text !== '') seen = iterations;
    }
    // The first may have begun before the last sample was there.
    return median(times.slice(1));
  } finally {
    child.kill('SIGKILL');
  }
}

/** All samples, in the order of their times, into what Prometheus holds in memory. */
async function writeSamples(url: string, now: number): Promise<void> {
  const headers = {
    'Content-Encoding': 'snappy',
    'Content-Type': 'application/x-protobuf',
    'X-Prometheus-Remote-Write-Version': '0.1.0',
  };
  for (let n = 0; n < history; n += 1) {
    const samples = Array.from({ length: rules }, (_, i) => ({
      labels: { __name__: metricOf(i), endpoint: endpointOf(i) },
      at: now - (history - n) * minute,
      value: valueAt(i, n),
    }));
    const { status } = await fetch(`${url}/api/v1/write`, { method: 'POST', headers, body: writeBody(samples) });
    if (status !== 204) throw new Error(`Prometheus took no samples: ${status}`);
  }
}

async function tickMs(folder: string, now: number): Promise<number> {
  const store = sqliteStore({ path: join(folder, 'tick.sqlite') });
  try {
    for (let i = 0; i < rules; i += 1) {
      const series = seriesRef('prom', metricOf(i), { endpoint: endpointOf(i) });
      const deltas = Array.from({ length: history }, (_, n) => {
        const [bucketStart, value] = [now - (history - n) * minute, valueAt(i, n)];
        const summary = {
          kind: 'values' as const,
          count: 1,
          sum: value,
          min: value,
          max: value,
          last: value,
          lastAt: bucketStart,
        };
        return { series, bucketStart, summary, expiresAt: now + 86_400_000 };
      });
      await store.fold({ at: now, deltas, waiting: [] });
    }
    const ports = portsOf(store);
    const times: number[] = [];
    for (let tick = evaluations; tick >= 0; tick -= 1) {
      const begun = performance.now();
      const report = await evaluate(ports, now - tick * minute);
      times.push(performance.now() - begun);
      if (report.verdicts.ok !== rules)
        throw new Error(`expected ${rules} series that are ok; received ${JSON.stringify(report)}`);
    }
    // The first reads the file.
    return median(times.slice(1));
  } finally {
    await store.close();
  }
}

function portsOf(store: ReturnType<typeof sqliteStore>): Ports {
  const unused = {} as never;
  const cell = { policy: 'all' };
  const ruleOf = (i: number) => ({
    source: 'prom',
    query: { samples: { metric: metricOf(i), match: { endpoint: endpointOf(i) }, over: `${window}m` } },
    category: 'latency',
    runbook: 'latency-spike',
    threshold: { above: bands },
  });
  return {
    sha256: (text) => hash('sha256', text),
    inFlight: newInFlight(),
    config: configSchema.parse({
      sources: { prom: { kind: 'samples' } },
      rules: Object.fromEntries(Array.from({ length: rules }, (_, i) => [`rule-${i}`, ruleOf(i)])),
      channels: { console: { terminal: true } },
      policies: { all: { tiers: [{ targets: [{ channel: 'console' }], ackWithin: '15m' }] } },
      matrix: { default: { warn: cell, critical: cell } },
    }),
    store,
    sources: { ...everySource(unused), ...storedSources(store) },
    channels: unused,
    hooks: unused,
    secrets: { get: async () => undefined },
    log: () => {},
    observe: () => {},
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
