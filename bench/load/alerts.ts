import { setTimeout as sleep } from 'node:timers/promises';
import { alertPayload, hookSecret, pushConfig } from '../chaos/config.ts';
import { type Receiver, receiver, timeNow } from '../chaos/receiver.ts';
import type { Row } from '../chaos/result.ts';
import { placeOf, type Running, startService } from '../chaos/service.ts';
import { peakMbOf } from '../chaos/storm.ts';
import { startAlertmanager } from './alertmanager.ts';
import { cpuMsOf } from './cpu.ts';
import { type Disk, diskOf } from './disk.ts';
import { flood, push, quantile, warmUp } from './push.ts';

const warmMs = 2000;
const batch = 100;
const handed = 200;
const models = 1000;

type Measured = {
  single: number;
  repeats: number;
  batches: number;
  repeatedBatches: number;
  /** Processor time for each of these alerts, in microseconds. */
  cpu: { single: number; repeats: number; batches: number; repeatedBatches: number };
  /** Of the first alerts after the start, and of those that follow. */
  first: Waits;
  later: Waits;
  mb: number;
};
type Waits = { p50: number; p99: number };

/**
 * What takes alerts by POST /api/v2/alerts: alerts that it knows and new ones, one a post and 100
 * of them, each after two seconds that do not count; and how long a new critical alert takes from
 * its post to the receiver's door, one after the other.
 */
export async function alerts(options: { beside?: string; slowDisk?: number; seconds: number }): Promise<Row[]> {
  const disk = diskOf(options.slowDisk ?? 0);
  try {
    return await onDisk(disk, options);
  } finally {
    disk.remove();
  }
}

async function onDisk(
  disk: Disk,
  { beside, slowDisk = 0, seconds }: { beside?: string; slowDisk?: number; seconds: number },
): Promise<Row[]> {
  const forMs = seconds * 1000;
  const flushMs = disk.flushMs();
  const flush: Row = {
    name: 'flush of the disk, median',
    value: `${Number(flushMs.toPrecision(3))} ms${slowDisk === 0 ? '' : `, ${slowDisk} ms of it made`}`,
  };
  await warmUp(warmMs);
  const tocsin = await receiver();
  const place = placeOf(pushConfig(tocsin.url));
  const running = await startService(place, { ...hookSecret, ...disk.env });
  let ours: Measured;
  try {
    ours = await measure(running, tocsin, forMs);
  } finally {
    await running.kill('SIGKILL');
    await tocsin.close();
    place.remove();
  }
  const beyond: Row = {
    name: 'post to page beyond one flush, median',
    value: `${(ours.first.p50 - flushMs).toFixed(1)} ms; of later alerts ${(ours.later.p50 - flushMs).toFixed(1)} ms`,
  };
  const first = [flush, beyond];
  if (beside === undefined) return [...first, ...rowsOf(ours)];

  const pages: { at: number; model: string }[] = [];
  const other = await plainReceiver(pages);
  const alertmanager = await startAlertmanager(other.url, disk.env);
  if (alertmanager === undefined) {
    await other.close();
    return [
      ...first,
      ...rowsOf(ours),
      { name: 'Alertmanager', value: 'not on this machine (Debian: apt-get install prometheus-alertmanager)' },
    ];
  }
  try {
    return [...first, ...rowsOf(ours, await measure(alertmanager, { ...other, pages }, forMs), alertmanager.version)];
  } finally {
    await alertmanager.kill('SIGKILL');
    await other.close();
  }
}

async function measure(
  service: Running,
  door: { pages: readonly { at: number; model: string }[] },
  forMs: number,
): Promise<Measured> {
  const url = `${service.url}/api/v2/alerts`;
  // Latency first, on an empty store: one alert at a time, each of its own group.
  const waitsOf = async (name: string): Promise<Waits> => {
    const waits: number[] = [];
    for (let n = 0; n < handed; n += 1) {
      const model = `${name}-${n}`;
      const sentAt = timeNow();
      await push(url, JSON.stringify([alertPayload(model)]));
      waits.push((await pageOf(door, model)) - sentAt);
    }
    return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) };
  };
  const first = await waitsOf('handed');
  const later = await waitsOf('later');
  const cpu = { single: 0, repeats: 0, batches: 0, repeatedBatches: 0 };
  const measured = async (kind: keyof typeof cpu, bodyOf: (n: number) => string, [atOnce, each]: [number, number]) => {
    let posts = 0;
    const before = cpuMsOf(service.pid);
    const counted = (n: number): string => {
      posts += 1;
      return bodyOf(n);
    };
    const { perSecond } = await flood(url, counted, { atOnce, forMs, warmMs });
    cpu[kind] = (1000 * (cpuMsOf(service.pid) - before)) / (posts * each);
    return perSecond * each;
  };
  const known = Array.from({ length: handed }, (_, n) => JSON.stringify([alertPayload(`handed-${n}`)]));
  const knownBatches = Array.from({ length: handed / batch }, (_, part) =>
    JSON.stringify(Array.from({ length: batch }, (_, n) => alertPayload(`handed-${part * batch + n}`))),
  );
  const one: [number, number] = [16, 1];
  const many: [number, number] = [4, batch];
  const repeats = await measured('repeats', (n) => known[n % known.length] as string, one);
  const repeatedBatches = await measured('repeatedBatches', (n) => knownBatches[n % knownBatches.length] as string, many);
  const batches = await measured(
    'batches',
    (n) => JSON.stringify(Array.from({ length: batch }, (_, pod) => alertPayload(`batch-${n % models}`, { pod: `${n}-${pod}` }))),
    many,
  );
  const single = await measured('single', (n) => JSON.stringify([alertPayload(`m-${n % models}`, { pod: String(n) })]), one);
  return { single, repeats, batches, repeatedBatches, cpu, first, later, mb: peakMbOf(service.pid) };
}

/** When the receiver got the first page of this model. */
async function pageOf({ pages }: { pages: readonly { at: number; model: string }[] }, model: string): Promise<number> {
  const until = Date.now() + 10_000;
  for (;;) {
    const page = pages.findLast((one) => one.model === model);
    if (page !== undefined) return page.at;
    if (Date.now() > until) throw new Error(`no page about ${model} came within 10 s`);
    await sleep(1);
  }
}

/** Takes what an Alertmanager posts. */
async function plainReceiver(pages: { at: number; model: string }[]): Promise<Pick<Receiver, 'url' | 'close'>> {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const at = timeNow();
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { groupLabels: Record<string, string> };
      pages.push({ at, model: body.groupLabels['model'] ?? '' });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function rowsOf(ours: Measured, theirs?: Measured, version?: string): Row[] {
  const both = (name: string, of: (measured: Measured) => number, unit: string): Row => {
    const own = `${Number(of(ours).toPrecision(3))} ${unit}`;
    if (theirs === undefined) return { name, value: own };
    const ratio = Number((of(ours) / of(theirs)).toPrecision(2));
    return { name, value: `${own}; Alertmanager ${version}: ${Number(of(theirs).toPrecision(3))} ${unit}; ratio ${ratio}` };
  };
  return [
    both('new alerts, one a post', ({ single }) => single, 'alerts/s'),
    both('known alerts repeated, one a post', ({ repeats }) => repeats, 'alerts/s'),
    both('new alerts, 100 a post', ({ batches }) => batches, 'alerts/s'),
    both('known alerts repeated, 100 a post', ({ repeatedBatches }) => repeatedBatches, 'alerts/s'),
    both('processor time of a new alert, one a post', ({ cpu }) => cpu.single, 'µs'),
    both('processor time of a known alert, one a post', ({ cpu }) => cpu.repeats, 'µs'),
    both('processor time of a new alert, 100 a post', ({ cpu }) => cpu.batches, 'µs'),
    both('processor time of a known alert, 100 a post', ({ cpu }) => cpu.repeatedBatches, 'µs'),
    both('post to page at the door, median, just started', ({ first }) => first.p50, 'ms'),
    both('post to page at the door, p99, just started', ({ first }) => first.p99, 'ms'),
    both('post to page at the door, median, later', ({ later }) => later.p50, 'ms'),
    both('post to page at the door, p99, later', ({ later }) => later.p99, 'ms'),
    both('highest resident memory', ({ mb }) => mb, 'MB'),
  ];
}
