import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readProtobuf } from '../core/telemetry/otlp/read-protobuf.ts';
import { sourceKinds } from '../core/telemetry/sources/source.ts';
import { receiver } from '../local/otlp/receiver.ts';
import { startReceiver } from '../local/otlp/start.ts';
import { telemetryFile } from '../stores/telemetry/index.ts';
import { bodyOf, pointsABody, processes } from './otlp-bodies.ts';

const rounds = 30;
const config = sourceKinds.otlp.schema.parse({ kind: 'otlp' });
const run = promisify(execFile);

/**
 * Points a second that are decoded, and taken with everything to their disk; how late a timer is
 * meanwhile.
 */
export async function benchOtlp(): Promise<{ name: string; value: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-otlp-'));
  try {
    const start = Date.now() - 600_000;
    const sent: Uint8Array[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (let one = 0; one < processes; one += 1) sent.push(bodyOf(one, start, start + 10_000 * (round + 1)));
    }
    const points = sent.length * pointsABody;
    const decoding = cpuOf(() => {
      for (const body of sent) readProtobuf(body);
    });
    const own = receiver({
      file: telemetryFile({ path: join(folder, 'a.sqlite'), now: start - 1, onDamage: () => {} }),
      sources: { apps: config },
      maxFuture: 600_000,
      now: Date.now,
      log: () => {},
    });
    const before = process.cpuUsage();
    // As many at once as a few collectors send.
    for (let i = 0; i < sent.length; i += 8) {
      await Promise.all(
        sent.slice(i, i + 8).map((bytes) => own.take({ source: 'apps', format: 'protobuf', isCompressed: false, bytes })),
      );
    }
    own.tidy();
    const used = process.cpuUsage(before);
    const taking = (used.user + used.system) / 1000;
    own.close();
    return [
      {
        name: `OTLP: points decoded a second of processor time (${pointsABody} a body, 4 attributes)`,
        value: rate(points, decoding),
      },
      { name: 'OTLP: points taken a second of processor time, on disk', value: rate(points, taking) },
      ...(await besideTimer(folder)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Half of the 100,000 points a second that a core takes: the rate at which the aim for the timer
 * holds.
 */
const aimedRate = 50_000;

/**
 * In the thread that pages, while another one receives: nothing, at full speed, at half of it, and
 * at the rate of the aim. The sender is a process of its own; on a machine with few cores it still
 * takes turns with this one, which the row with nothing sent shows in part.
 */
async function besideTimer(folder: string): Promise<{ name: string; value: string }[]> {
  const settings = { otlpPort: 43_188, maxFuture: 600_000, ingestKeys: [] };
  const service = await startReceiver({
    config: { settings, sources: { apps: config } } as never,
    path: join(folder, 'b.sqlite'),
    secrets: { get: async () => undefined },
    log: () => {},
    now: Date.now,
  });
  if (service?.listening === undefined) return [{ name: 'OTLP beside a timer', value: `not measured: ${service?.notListening}` }];
  const url = `http://127.0.0.1:${service.listening}/v1/metrics`;
  const quiet = await lateness(() => new Promise<number>((resolve) => setTimeout(() => resolve(Date.now() - quietMs), quietMs)));
  const full = await send(url, 0);
  const half = await send(url, full.pointsASecond / 2);
  const aimed = await send(url, aimedRate);
  await service.close();
  return [
    {
      name: 'OTLP over HTTP: points a second, sender on the same machine',
      value: Math.round(full.pointsASecond).toLocaleString('en'),
    },
    { name: 'OTLP: lateness of a 1 ms timer while nothing is sent, p50 and p99', value: quiet },
    { name: 'OTLP: lateness of a 1 ms timer at full speed, p50 and p99', value: full.late },
    { name: `OTLP: the same at half (${perSecond(half)})`, value: half.late },
    { name: `OTLP: the same at ${aimedRate.toLocaleString('en')} a second (${perSecond(aimed)})`, value: aimed.late },
  ];
}

const quietMs = 4000;
const perSecond = ({ pointsASecond }: { pointsASecond: number }): string =>
  `${Math.round(pointsASecond).toLocaleString('en')} a second were taken`;

async function send(url: string, pointsASecond: number): Promise<{ pointsASecond: number; late: string }> {
  const sender = join(import.meta.dirname, 'otlp-sender.ts');
  let taken = 0;
  const late = await lateness(async () => {
    const { stdout } = await run(process.execPath, [sender, url, String(pointsASecond), '8000', String(Date.now())]);
    const { points, ms, began } = JSON.parse(stdout) as { points: number; ms: number; began: number };
    taken = (points / ms) * 1000;
    return began;
  });
  return { pointsASecond: taken, late };
}

/** How late a timer of 1 ms is meanwhile: p50 and p99. `work` says since when it counts. */
async function lateness(work: () => Promise<number>): Promise<string> {
  const seen: { at: number; late: number }[] = [];
  let due = performance.now() + 1;
  const timer = setInterval(() => {
    const at = performance.now();
    seen.push({ at: Date.now(), late: Math.max(0, at - due) });
    due = at + 1;
  }, 1);
  const began = await work();
  clearInterval(timer);
  const late = seen
    .filter(({ at }) => at >= began)
    .map((one) => one.late)
    .sort((a, b) => a - b);
  const at = (share: number): string => `${(late[Math.floor(share * late.length)] ?? 0).toFixed(2)} ms`;
  return `${at(0.5)}, ${at(0.99)}`;
}

function cpuOf(work: () => void): number {
  work();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const rate = (points: number, ms: number): string => Math.round((points / ms) * 1000).toLocaleString('en');
