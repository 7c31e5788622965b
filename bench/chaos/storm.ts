import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigInput } from '../../core/config/schema.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { alertPayload, hookSecret, pushConfig } from './config.ts';
import { receiver } from './receiver.ts';
import { mustBe, mustBeUnder, type Row } from './result.ts';
import { placeOf, startService } from './service.ts';

const groups = 50;
const perPost = 100;
const stormMs = 60_000;
/** The second tier is paged this long after the first, so that it is seen within the storm. */
const ackWithin = '20s';

/**
 * Alerts over 50 groups, spread over one minute of real time, each a new one. Everybody's pages of
 * one group are those of one incident; the storm limit is off, so that every page that was decided
 * is seen.
 */
export async function storm({ alerts }: { alerts: number }): Promise<Row[]> {
  const target = await receiver();
  const place = placeOf(stormConfig(target.url));
  const running = await startService(place, hookSecret);
  try {
    const began = performance.now();
    let accepted = 0;
    const posts = Math.ceil(alerts / perPost);
    const tookMs: number[] = [];
    for (let post = 0; post < posts; post += 1) {
      const wait = began + (post * stormMs) / posts - performance.now();
      if (wait > 0) await sleep(wait);
      const count = Math.min(perPost, alerts - post * perPost);
      const body = Array.from({ length: count }, (_, n) => {
        const place = post * perPost + n;
        return alertPayload(`m-${place % groups}`, { pod: String(place) });
      });
      const sentAt = performance.now();
      const response = await fetch(`${running.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      await response.text();
      tookMs.push(performance.now() - sentAt);
      if (response.status === 200) accepted += count;
    }
    await sleep(25_000);
    const peakMb = peakMbOf(running.pid);
    await running.kill('SIGTERM');
    const store = sqliteStore({ path: place.store, readOnly: true });
    const incidents = await store.incidents({ status: 'all', limit: 1_000_000 });
    const firing = (await store.alerts()).filter(({ state }) => state === 'firing').length;
    await store.close();
    const first = target.pages.filter(({ reason }) => reason === 'triggered');
    const second = target.pages.filter(({ reason }) => reason === 'escalated');
    const others = Map.groupBy(target.pages, ({ reason }) => reason);
    tookMs.sort((a, b) => a - b);
    return [
      mustBe('alerts answered with 200', accepted, alerts),
      mustBe('alerts firing', firing, alerts),
      mustBe('incidents', incidents.length, groups),
      mustBe('pages: triggered, tier 1', first.length, groups),
      mustBe('pages: triggered, incidents', new Set(first.map(({ incident }) => incident)).size, groups),
      mustBe('pages: escalated to tier 2', second.length, groups),
      {
        name: 'pages by reason',
        value: [...others].map(([reason, all]) => `${reason} ${all.length}`).join(', '),
      },
      mustBeUnder('highest resident memory of the service', peakMb, 400, 'MB'),
      { name: 'answer to a post of 100 alerts, median and slowest', value: `${at(tookMs, 0.5)} and ${at(tookMs, 1)} ms` },
    ];
  } finally {
    await running.kill('SIGKILL');
    await target.close();
    place.remove();
  }
}

const at = (sorted: readonly number[], quantile: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN).toFixed(1);

function stormConfig(url: string): ConfigInput {
  const config = pushConfig(url);
  const contacts = [{ webhook: { url: `${url}/pages`, secret: 'HOOK_SECRET' } }];
  return {
    ...config,
    responders: { ana: { name: 'Ana', contacts }, ben: { name: 'Ben', contacts } },
    policies: {
      duty: {
        tiers: [
          { targets: [{ responder: 'ana' }], ackWithin },
          { targets: [{ responder: 'ben' }], ackWithin: '1h' },
        ],
      },
    },
  };
}

/** The highest resident set that Linux has seen of a process, in MB; not a number elsewhere. */
export function peakMbOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
