import { setTimeout as sleep } from 'node:timers/promises';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { randomFrom } from '../nab/random.ts';
import { alertPayload, hookSecret, pushConfig } from './config.ts';
import { type ReceivedPage, receiver } from './receiver.ts';
import { mustBe, mustBeUnder, type Row } from './result.ts';
import { placeOf, type Running, startService } from './service.ts';

const senders = 4;
const models = 20;
const samplesABatch = 20;
/** The model `bad-n` is out of bounds in round n and the rounds after it. */
const badEvery = 10;
const drainMs = 60_000;

type Sent = {
  batches: number;
  samples: number;
  sums: Map<string, { count: number; sum: number }>;
  alerts: Set<string>;
  retries: number;
};

/**
 * Kills the service with SIGKILL at random moments while samples and alerts are sent and pages go
 * out, and compares what the last process knows, and what the receiver got, with what was answered
 * with 200. The seed decides the moments and what is sent; how the system schedules the processes
 * is not in its hand.
 */
export async function crashes({ rounds, minutes, seed }: { rounds: number; minutes: number; seed: number }): Promise<Row[]> {
  const random = randomFrom(seed);
  const target = await receiver(() => Math.floor(random() * 20));
  const place = placeOf(pushConfig(target.url));
  const sent: Sent = { batches: 0, samples: 0, sums: new Map(), alerts: new Set(), retries: 0 };
  let running: Running | undefined;
  let round = 0;
  let done = false;

  /**
   * Sends until it is answered with 200; what was cut off is sent again, to whichever process is
   * there by then.
   */
  async function push(path: string, body: unknown, key: string): Promise<void> {
    for (;;) {
      const to = running;
      try {
        if (to === undefined) throw new Error('nobody is there');
        const response = await fetch(`${to.url}${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(5000),
        });
        const text = await response.text();
        if (response.status === 200) return;
        if (response.status < 500 && response.status !== 429) throw new RefusedError(`${path}: ${response.status} ${text}`);
      } catch (error) {
        if (error instanceof RefusedError) throw error;
      }
      sent.retries += 1;
      await sleep(10);
    }
  }

  async function sender(id: number): Promise<void> {
    const own = randomFrom(seed + id + 1);
    for (let n = 0; !done; n += 1) {
      const timestamp = Date.now();
      const bad = Math.floor(round / badEvery);
      const samples = Array.from({ length: samplesABatch }, (_, place) => {
        const isBad = place <= bad && id === 0;
        const model = isBad ? `bad-${place}` : `m-${Math.floor(own() * models)}`;
        return { metric: 'latency', value: Math.floor(isBad ? 1000 + own() * 100 : own() * 100), timestamp, labels: { model } };
      });
      await push('/v1/samples', samples, `${seed} ${id} ${n}`);
      sent.batches += 1;
      sent.samples += samples.length;
      for (const { value, labels } of samples) {
        const known = sent.sums.get(labels.model) ?? { count: 0, sum: 0 };
        sent.sums.set(labels.model, { count: known.count + 1, sum: known.sum + value });
      }
      if (own() < 0.1) {
        const model = `alert-${id}-${n}`;
        await push('/api/v2/alerts', [alertPayload(model)], model);
        sent.alerts.add(model);
      }
      await sleep(5 + own() * 20);
    }
  }

  try {
    const sending = Promise.all(Array.from({ length: senders }, (_, id) => sender(id)));
    // Seen where it is awaited at the end; until then a refusal must not end the process.
    sending.catch(() => {});
    const until = Date.now() + minutes * 60_000;
    for (; round < rounds && Date.now() < until; round += 1) {
      running = await startService(place, hookSecret);
      await sleep(50 + random() * 900);
      const dying = running;
      running = undefined;
      await dying.kill('SIGKILL');
      if ((round + 1) % 20 === 0)
        process.stderr.write(`  ${round + 1} kills, ${sent.samples} samples, ${target.pages.length} pages\n`);
    }
    running = await startService(place, hookSecret);
    await sleep(3000);
    done = true;
    await sending;
    await settled(target.pages);
    const { url } = running;
    const health = (await (await fetch(`${url}/healthz`)).json()) as { oldestDeliveryAgeMs: number | null };
    await running.kill('SIGTERM');
    running = undefined;
    return [
      { name: 'kills with SIGKILL', value: `${round} (seed ${seed})` },
      { name: 'batches sent again because of a kill', value: String(sent.retries) },
      ...(await compare(place.store, sent, target.pages)),
      { name: 'age of the oldest effect that waits', value: String(health.oldestDeliveryAgeMs ?? 'none waits') },
    ];
  } finally {
    done = true;
    await running?.kill('SIGKILL');
    await target.close();
    place.remove();
  }
}

class RefusedError extends Error {
  override name = 'RefusedError';
}

/** Until no page has come for four seconds. */
async function settled(pages: readonly ReceivedPage[]): Promise<void> {
  const until = Date.now() + drainMs;
  let count = -1;
  while (count !== pages.length && Date.now() < until) {
    count = pages.length;
    await sleep(4000);
  }
}

async function compare(path: string, sent: Sent, pages: readonly ReceivedPage[]): Promise<Row[]> {
  const store = sqliteStore({ path, readOnly: true });
  try {
    let count = 0;
    let wrong = 0;
    const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
    for (const series of await store.series('sensor', 'latency')) {
      const [buckets = []] = await store.buckets([{ series, ...everything }]);
      const values = buckets.flatMap(({ summary }) => (summary.kind === 'values' ? [summary] : []));
      const found = { count: total(values, 'count'), sum: total(values, 'sum') };
      const wanted = sent.sums.get(series.labels['model'] ?? '');
      if (found.count !== wanted?.count || Math.abs(found.sum - wanted.sum) > 1e-6 * wanted.sum) wrong += 1;
      count += found.count;
    }
    const incidents = await store.incidents({ status: 'all', limit: 1_000_000 });
    const perModel = Map.groupBy(incidents, ({ groupLabels }) => groupLabels['model'] ?? '');
    const mustHave = [...sent.alerts, ...[...sent.sums.keys()].filter((model) => model.startsWith('bad-'))];
    const alertsOf = new Set(
      (await store.alerts()).filter(({ state }) => state === 'firing').map(({ labels }) => labels['model']),
    );
    const triggered = new Set(pages.filter(({ reason }) => reason === 'triggered').map(({ model }) => model));
    const keys = new Set(pages.map(({ key }) => key));
    const perReason = Map.groupBy(
      new Map(pages.map((page) => [page.key, page])).values(),
      ({ incident, reason }) => `${incident} ${reason}`,
    );
    const twice = [...perReason].filter(([what, all]) => what.endsWith(' triggered') && all.length > 1).length;
    const undelivered = (await store.dueEffects(Number.MAX_SAFE_INTEGER, 1_000_000)).filter(
      ({ effect }) => effect.kind === 'page',
    );
    return [
      mustBe('samples: accepted and counted', count, sent.samples),
      mustBe('samples: series whose count or sum is not what was sent', wrong, 0),
      mustBe('alerts: accepted but not firing at the end', mustHave.filter((model) => !alertsOf.has(model)).length, 0),
      mustBe('incidents: missing, of those that had to be', mustHave.filter((model) => !perModel.has(model)).length, 0),
      mustBe('incidents: models with more than one', [...perModel.values()].filter((all) => all.length > 1).length, 0),
      { name: 'incidents', value: `${incidents.length}, of them ${sent.alerts.size} of posted alerts` },
      mustBe('pages: incidents whose first page never came', mustHave.filter((model) => !triggered.has(model)).length, 0),
      mustBe('pages: left in the outbox', undelivered.length, 0),
      { name: 'pages: different keys received', value: String(keys.size) },
      { name: 'pages: repeats under the key of an earlier one', value: String(pages.length - keys.size) },
      mustBeUnder('pages: duplicates left after dedupe by key', (100 * twice) / Math.max(1, keys.size), 0.1, '%'),
    ];
  } finally {
    await store.close();
  }
}

function total<K extends string>(all: readonly Record<K, number>[], key: K): number {
  return all.reduce((sum, one) => sum + one[key], 0);
}
