import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigInput } from '../../core/config/schema.ts';
import { hookSecret, pushConfig } from '../chaos/config.ts';
import type { Row } from '../chaos/result.ts';
import { placeOf, startService } from '../chaos/service.ts';
import { peakMbOf } from '../chaos/storm.ts';
import { push } from './push.ts';
import { type RubbishBody, rubbishBodies } from './rubbish-bodies.ts';

const patienceMs = 60_000;
const everyMs = 10;

const config = (): ConfigInput => {
  const base = pushConfig('http://127.0.0.1:9');
  return { ...base, sources: { ...base.sources, churn: { kind: 'predictions', model: 'churn' } } };
};

/**
 * One body of 5 MB, each to a service of its own: how long `/-/ready` had to wait at the most while
 * it was read, which is how long no page went out either, how long the answer took, and by how much
 * the highest resident memory rose.
 */
export async function rubbish(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const body of rubbishBodies()) rows.push(await sent(body));
  return rows;
}

async function sent({ name, path, type, body }: RubbishBody): Promise<Row> {
  const place = placeOf(config());
  const running = await startService(place, hookSecret);
  try {
    for (let n = 0; n < 20; n += 1) await isReady(running.url);
    const before = peakMbOf(running.pid);
    let over = false;
    let longest = 0;
    const asking = (async () => {
      while (!over) {
        longest = Math.max(longest, await isReady(running.url));
        await sleep(everyMs);
      }
    })();
    await sleep(100);
    const answer = push(`${running.url}${path}`, body, { 'Content-Type': type });
    const answered = await Promise.race([answer, sleep(patienceMs, undefined)]);
    over = true;
    if (answered === undefined) return { name, value: `no answer and nothing else in ${patienceMs / 1000} s` };
    await asking;
    const rose = peakMbOf(running.pid) - before;
    return {
      name,
      value: `${answered.status} after ${Math.round(answered.ms)} ms; longest wait ${Math.round(longest)} ms; memory + ${Math.round(rose)} MB`,
    };
  } finally {
    await running.kill('SIGKILL');
    place.remove();
  }
}

async function isReady(url: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}/-/ready`).catch(() => undefined);
  await response?.text();
  return performance.now() - began;
}
