import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigInput } from '../../core/config/schema.ts';
import { alertPayload, hookSecret, pushConfig } from '../chaos/config.ts';
import { type Receiver, receiver, timeNow } from '../chaos/receiver.ts';
import { mustBeUnder, type Row } from '../chaos/result.ts';
import { placeOf, startService } from '../chaos/service.ts';
import { push, quantile } from './push.ts';

const hosts = 4;
const peopleAHost = 5;
const incidents = 250;
/** 5,000. */
const failing = incidents * hosts * peopleAHost;
const measured = 30;
const everyMs = 300;
/** What the slowest page to the receiver that is well may take. */
const boundMs = 2000;

type Manner = 'hang' | 'fail';

/**
 * How soon a critical page reaches a receiver that is well while 5,000 others are on their way to
 * receivers that are not.
 */
export async function targets(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const manner of ['hang', 'fail'] as const)
    for (const severity of ['warning', 'critical'] as const) rows.push(...(await besides(manner, severity)));
  return rows;
}

async function besides(manner: Manner, severity: string): Promise<Row[]> {
  const well = await receiver();
  const broken = await Promise.all(Array.from({ length: hosts }, () => brokenReceiver(manner)));
  const place = placeOf(configOf(well, broken));
  const running = await startService(place, hookSecret);
  try {
    const alerts = Array.from({ length: incidents }, (_, n) => alertPayload(`broken-${n}`, { severity }));
    await push(`${running.url}/api/v2/alerts`, JSON.stringify(alerts));
    while (broken.some(({ tries }) => tries() === 0)) await sleep(5);
    const waits: number[] = [];
    for (let n = 0; n < measured; n += 1) {
      const model = `well-${n}`;
      const sentAt = timeNow();
      await push(`${running.url}/api/v2/alerts`, JSON.stringify([alertPayload(model, { category: 'latency' })]));
      waits.push((await arrivalOf(well, model)) - sentAt);
      await sleep(everyMs);
    }
    const tries = broken.reduce((sum, one) => sum + one.tries(), 0);
    const what = `${failing.toLocaleString('en')} ${severity === 'critical' ? 'critical pages' : 'warnings'} ${manner}`;
    return [
      { name: `${what}: post to page at the door that is well, median`, value: `${quantile(waits, 0.5).toFixed(1)} ms` },
      mustBeUnder(`${what}: the slowest of ${measured}`, Math.max(...waits), boundMs, 'ms'),
      { name: `${what}: tries that these took meanwhile`, value: String(tries) },
    ];
  } finally {
    await running.kill('SIGKILL');
    await Promise.all([well.close(), ...broken.map(({ close }) => close())]);
    place.remove();
  }
}

function configOf(well: Receiver, broken: readonly { url: string }[]): ConfigInput {
  const people = broken.flatMap(({ url }, host) =>
    Array.from({ length: peopleAHost }, (_, n) => ({ name: `p${host}-${n}`, contacts: [hook(`${url}/${n}`)] })),
  );
  const config = pushConfig(well.url, { groupWait: '0s' });
  const tiers = [{ targets: people.map(({ name }) => ({ responder: name })), ackWithin: '4h' }];
  const cell = { policy: 'broken' };
  return {
    ...config,
    responders: { ...config.responders, ...Object.fromEntries(people.map((one) => [one.name, one])) },
    policies: { ...config.policies, broken: { tiers } },
    matrix: { default: { warn: cell, critical: cell }, latency: { critical: { policy: 'duty' } } },
  };
}

const hook = (url: string) => ({ webhook: { url, secret: 'HOOK_SECRET' } });

async function arrivalOf({ pages }: Receiver, model: string): Promise<number> {
  const until = Date.now() + 30_000;
  for (;;) {
    const page = pages.find((one) => one.model === model);
    if (page !== undefined) return page.at;
    if (Date.now() > until) throw new Error(`no page about ${model} came within 30 s`);
    await sleep(1);
  }
}

/** Never answers, or refuses for the moment. */
async function brokenReceiver(manner: Manner): Promise<{ url: string; tries: () => number; close: () => Promise<void> }> {
  let tries = 0;
  const server = createServer((request, response) => {
    tries += 1;
    request.resume();
    if (manner === 'fail') response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tries: () => tries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
