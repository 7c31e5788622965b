import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate } from '../app/evaluate/evaluate.ts';
import { newInFlight } from '../app/in-flight.ts';
import type { Ports } from '../app/ports/ports.ts';
import { everySource } from '../app/ports/source.ts';
import type { Store } from '../app/ports/store.ts';
import { storedSources } from '../app/sources/all-sources.ts';
import { configSchema } from '../core/config/schema.ts';
import { seriesRef } from '../core/telemetry/samples/summary.ts';
import { sqliteStore } from '../stores/sqlite/index.ts';

const rules = 10_000;
const metrics = 100;
const minute = 60_000;
const points = 60;
const ticks = 6;
const start = Date.UTC(2026, 0, 5, 9);

const metricOf = (i: number): string => `latency_${i % metrics}`;
const endpointOf = (i: number): string => `endpoint-${Math.floor(i / metrics)}`;

/**
 * Two bands against a rolling median: 52 minutes of baseline and 8 minutes judged are windows of 60
 * points.
 */
function config() {
  const ruleOf = (i: number) => ({
    source: 'pushed',
    query: { samples: { metric: metricOf(i), match: { endpoint: endpointOf(i) } } },
    category: 'latency',
    runbook: 'latency-spike',
    degradation: { direction: 'rise', baseline: { rolling: { window: '52m' } } },
    for: '3/5',
  });
  const cell = { policy: 'all' };
  return configSchema.parse({
    sources: { pushed: { kind: 'samples', labels: { environment: 'production' } } },
    rules: Object.fromEntries(Array.from({ length: rules }, (_, i) => [`rule-${i}`, ruleOf(i)])),
    channels: { console: { terminal: true } },
    policies: { all: { tiers: [{ targets: [{ channel: 'console' }], ackWithin: '15m' }] } },
    matrix: { default: { warn: cell, critical: cell } },
  });
}

/** Every series gets one sample a minute that moves a little around 100, for all ticks at once. */
async function fill(store: Store): Promise<void> {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let i = 0; i < rules; i += 1) {
    const series = seriesRef('pushed', metricOf(i), { endpoint: endpointOf(i), environment: 'production' });
    const deltas = Array.from({ length: points + ticks }, (_, at) => {
      const bucketStart = start - (points - at) * minute;
      const value = 99 + 2 * random();
      const summary = { kind: 'values' as const, count: 1, sum: value, min: value, max: value, last: value, lastAt: bucketStart };
      return { series, bucketStart, summary, expiresAt: start + 86_400_000 };
    });
    await store.fold({ at: start, deltas, waiting: [] });
  }
}

const unused = {} as never;

function portsOf(store: Store): Ports {
  return {
    sha256: (text) => hash('sha256', text),
    inFlight: newInFlight(),
    config: config(),
    store,
    sources: { ...everySource(unused), ...storedSources(store) },
    channels: unused,
    hooks: unused,
    secrets: { get: async () => undefined },
    log: () => {},
    observe: () => {},
  };
}

type Result = { firstMs: number; tickMs: number; rssMb: number };

async function run(store: Store): Promise<Result> {
  const ports = portsOf(store);
  const times: number[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    const began = performance.now();
    const report = await evaluate(ports, start + tick * minute);
    times.push(performance.now() - began);
    if (report.verdicts.ok !== rules || report.errors.length > 0) {
      throw new Error(`expected ${rules} series that are ok; received ${JSON.stringify(report)}`);
    }
  }
  const [firstMs = 0, ...later] = times;
  later.sort((a, b) => a - b);
  return { firstMs, tickMs: later[later.length >> 1] as number, rssMb: process.resourceUsage().maxRSS / 1024 };
}

/**
 * A tick makes much that dies young; without these V8 lets the heap grow to twice the size for no
 * gain in time.
 */
export const memoryFlags = ['--max-semi-space-size=8', '--no-allocation-site-pretenuring'];

/** What a process of its own prints, so that its memory is that of the ticks alone. */
function inProcess(part: 'fill' | 'run', path: string): string {
  const args = [...memoryFlags, fileURLToPath(import.meta.url), part, path];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the benchmark of the tick failed: ${stderr}`);
  return stdout;
}

/**
 * An evaluation tick of 10,000 two-band rules on windows of 60 points from a SQLite file, end to
 * end. The first tick reads the file; later ones find most of it in memory. The memory is the
 * highest resident set of the whole process.
 */
export async function benchTick(): Promise<{ name: string; value: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  try {
    const path = join(folder, 'tick.sqlite');
    inProcess('fill', path);
    const { firstMs, tickMs, rssMb } = JSON.parse(inProcess('run', path)) as Result;
    return [
      { name: 'tick: 10,000 two-band rules, 60 points each, end to end', value: `${Math.round(tickMs)} ms` },
      { name: 'tick: the same, the first after a start', value: `${Math.round(firstMs)} ms` },
      { name: 'tick: highest resident memory of the process', value: `${Math.round(rssMb)} MB` },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , part, path] = process.argv;
if (import.meta.main && path !== undefined) {
  const store = sqliteStore({ path });
  if (part === 'fill') await fill(store);
  else process.stdout.write(JSON.stringify(await run(store)));
  await store.close();
}
