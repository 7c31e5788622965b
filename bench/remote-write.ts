import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newInFlight } from '../app/in-flight.ts';
import { ingestRemoteWrite } from '../app/ingest/remote-write.ts';
import type { Ports } from '../app/ports/ports.ts';
import { configSchema } from '../core/config/schema.ts';
import { sqliteStore } from '../stores/sqlite/index.ts';
import { writeBody } from './write-body.ts';

const series = 2000;
const bodies = 40;
const start = Date.UTC(2026, 0, 5, 9);

/** What a Prometheus sends at a scrape: one sample of each of 2,000 series, with seven labels. */
const bodyAt = (at: number): Uint8Array =>
  writeBody(
    Array.from({ length: series }, (_, n) => ({
      labels: {
        __name__: 'model_latency_seconds_bucket',
        endpoint: `endpoint-${n % 100}`,
        instance: `10.0.0.${n % 20}:9090`,
        job: 'serving',
        le: String(Math.floor(n / 100)),
        model: 'flight-delays',
        version: '7',
      },
      at,
      value: n + (at % 1000),
    })),
  );

/**
 * Samples of Prometheus into the embedded store on a file, flushed as by default; the longest wait
 * of anything else is that of a timer.
 */
export async function benchRemoteWrite(): Promise<{ name: string; value: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  const store = sqliteStore({ path: join(folder, 'store.db') });
  const config = configSchema.parse({
    sources: { prom: { kind: 'samples' } },
    channels: { console: { terminal: true } },
    policies: { all: { tiers: [{ targets: [{ channel: 'console' }], ackWithin: '15m' }] } },
    matrix: { default: { warn: { policy: 'all' }, critical: { policy: 'all' } } },
  });
  const ports = { store, config, inFlight: newInFlight(), sha256: (text: string) => hash('sha256', text) } as unknown as Ports;
  try {
    const sent = Array.from({ length: bodies }, (_, n) => ({ at: start + n * 15_000, bytes: bodyAt(start + n * 15_000) }));
    let latest = 0;
    let due = performance.now();
    const timer = setInterval(() => {
      latest = Math.max(latest, performance.now() - due - 5);
      due = performance.now();
    }, 5);
    const begun = performance.now();
    for (const { at, bytes } of sent) await ingestRemoteWrite(ports, 'prom', { bytes, sender: 'key:prom' }, at);
    const ms = performance.now() - begun;
    clearInterval(timer);
    const rate = Math.round((series * bodies * 1000) / ms);
    return [
      {
        name: `remote write: bodies of ${series.toLocaleString('en')} series into SQLite`,
        value: `${rate.toLocaleString('en')} samples a second`,
      },
      { name: 'remote write: the longest that a timer of 5 ms was late meanwhile', value: `${latest.toFixed(0)} ms` },
    ];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}
