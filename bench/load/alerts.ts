import { setTimeout as sleep } from 'node:timers/promises';
import { alertPayload, hookSecret, pushConfig } from '../chaos/config.ts';
import { type Receiver, receiver, timeNow } from '../chaos/receiver.ts';
import type { Row } from '../chaos/result.ts';
import { placeOf, type Running, startService } from '../chaos/service.ts';
import { peakMbOf } from '../chaos/storm.ts';
import { startAlertmanager } from './alertmanager.ts';
import { type Disk, diskOf } from './disk.ts';
import { flood, push, quantile } from './push.ts';

const warmMs = 2000;
const batch = 100;
const handed = 200;
const models = 1000;

type Measured = {
  single: number;
  repeats: number;
  batches: number;
  repeatedBatches: number;
  p50: number;
  p99: number;
  mb: number;
};

/**
 * What takes alerts by POST /api/v2/alerts: alerts that it knows and new ones, one a post and 100 of them, each after two seconds that do
 * not count; and how long a new critical alert takes from its post to the receiver's door, one after the other.
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
  const beyond: Row = { name: 'post to page beyond one flush, median', value: `${(ours.p50 - flushMs).toFixed(1)} ms` };
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
  const waits: number[] = [];
  for (let n = 0; n < handed; n += 1) {
    const model = `handed-${n}`;
    const sentAt = timeNow();
    await push(url, JSON.stringify([alertPayload(model)]));
    const page = await pageOf(door, model);
    waits.push(page - sentAt);
  }
  const known = Array.from({ length: handed }, (_, n) => JSON.stringify([alertPayload(`handed-${n}`)]));
  const knownBatches = Array.from({ length: handed / batch }, (_, part) =>
    JSON.stringify(Array.from({ length: batch }, (_, n) => alertPayload(`handed-${part * batch + n}`))),
  );
  const repeats = await flood(url, (n) => known[n % known.length] as string, { atOnce: 16, forMs, warmMs });
  const repeatedBatches = await flood(url, (n) => knownBatches[n % knownBatches.length] as string, { atOnce: 4, forMs, warmMs });
  const batches = await flood(
    url,
    (n) => JSON.stringify(Array.from({ length: batch }, (_, pod) => alertPayload(`batch-${n % models}`, { pod: `${n}-${pod}` }))),
    { atOnce: 4, forMs, warmMs },
  );
  const single = await flood(url, (n) => JSON.stringify([alertPayload(`m-${n % models}`, { pod: String(n) })]), {
    atOnce: 16,
    forMs,
    warmMs,
  });
  return {
    single: single.perSecond,
    repeats: repeats.perSecond,
    batches: batch * batches.perSecond,
    repeatedBatches: batch * repeatedBatches.perSecond,
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    mb: peakMbOf(service.pid),
  };
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
  const both = (name: string, key: keyof Measured, unit: string): Row => {
    const own = `${Number(ours[key].toPrecision(3))} ${unit}`;
    if (theirs === undefined) return { name, value: own };
    const ratio = Number((ours[key] / theirs[key]).toPrecision(2));
    return { name, value: `${own}; Alertmanager ${version}: ${Number(theirs[key].toPrecision(3))} ${unit}; ratio ${ratio}` };
  };
  return [
    both('new alerts, one a post', 'single', 'alerts/s'),
    both('known alerts repeated, one a post', 'repeats', 'alerts/s'),
    both('new alerts, 100 a post', 'batches', 'alerts/s'),
    both('known alerts repeated, 100 a post', 'repeatedBatches', 'alerts/s'),
    both('post to page at the door, median', 'p50', 'ms'),
    both('post to page at the door, p99', 'p99', 'ms'),
    both('highest resident memory', 'mb', 'MB'),
  ];
}
