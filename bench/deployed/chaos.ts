import { setTimeout as sleep } from 'node:timers/promises';
import { alertPayload } from '../chaos/config.ts';
import { mustBe, type Row } from '../chaos/result.ts';
import { randomFrom } from '../nab/random.ts';
import { type Deployment, deploy, stage } from './deployment.ts';
import { deliverAgain, disturbedTable, functionProcesses } from './disturb.ts';

const senders = 3;
const models = 10;
const samplesABatch = 10;
/** Of the calls that functions make to the table. */
const shares = { throttled: 0.03, lost: 0.01 };
const killEveryMs = 1500;
const againEveryMs = 8000;
/**
 * What a killed function held comes again after the visibility of its message, two minutes, or by
 * the sweep.
 */
const settleMs = 240_000;

type Sent = { samples: number; sums: Map<string, { count: number; sum: number }>; alerts: Set<string>; retries: number };

/**
 * The deployed functions in trouble, all of it at once: their processes are killed, their table
 * throttles and loses answers, and the stream and the queues deliver again and in the wrong order.
 * Then the table and the topic are compared with what was answered with 200.
 */
export async function chaosDeployed({ seconds, seed }: { seconds: number; seed: number }): Promise<Row[]> {
  const random = randomFrom(seed);
  const port = Promise.withResolvers<number>();
  // The emulator's port is known only once it is chosen, and its functions inherit the address that
  // is given to it.
  const proxy = await disturbedTable(() => port.promise, random, shares);
  const deployment = await deploy({
    env(chosen) {
      port.resolve(chosen);
      return { AWS_ENDPOINT_URL_DYNAMODB: proxy.url };
    },
  });
  try {
    const sent: Sent = { samples: 0, sums: new Map(), alerts: new Set(), retries: 0 };
    const done = { kills: 0, again: 0 };
    const until = Date.now() + seconds * 1000;
    await Promise.all([
      ...Array.from({ length: senders }, (_, id) => send(deployment, sent, { id, seed, until })),
      kill(deployment, done, { random, until }),
      repeat(deployment, done, until),
    ]);
    proxy.calm();
    const pages = await settled(deployment, sent);
    return [
      { name: 'function processes killed with SIGKILL', value: `${done.kills} (seed ${seed}, ${seconds} s)`, ok: done.kills > 0 },
      { name: 'calls of functions to the table: throttled, answer lost', value: `${proxy.done.throttled}, ${proxy.done.lost}` },
      { name: 'messages and stream records delivered again, last things first', value: String(done.again) },
      { name: 'requests sent again until they were taken', value: String(sent.retries) },
      ...(await compare(deployment, sent, pages)),
    ];
  } finally {
    await deployment.close();
    await proxy.close();
  }
}

async function send(
  { post }: Deployment,
  sent: Sent,
  { id, seed, until }: { id: number; seed: number; until: number },
): Promise<void> {
  const own = randomFrom(seed + id + 1);
  const push = async (path: string, body: unknown, key: string): Promise<void> => {
    for (;;) {
      const answer = await post(path, body, key).catch(() => undefined);
      if (answer?.status === 200) return;
      if (answer !== undefined && answer.status < 500 && answer.status !== 429)
        throw new Error(`${path}: ${answer.status} ${answer.text}`);
      sent.retries += 1;
      await sleep(200);
    }
  };
  for (let n = 0; Date.now() < until; n += 1) {
    const timestamp = Date.now();
    const samples = Array.from({ length: samplesABatch }, (_, place) => {
      // One model of each sender is out of bounds throughout.
      const isBad = place === 0;
      const model = isBad ? `bad-${id}` : `m-${Math.floor(own() * models)}`;
      return { metric: 'latency', value: Math.floor(isBad ? 1000 + own() * 100 : own() * 100), timestamp, labels: { model } };
    });
    await push('/v1/samples', samples, `${seed} ${id} ${n}`);
    sent.samples += samples.length;
    for (const { value, labels } of samples) {
      const known = sent.sums.get(labels.model) ?? { count: 0, sum: 0 };
      sent.sums.set(labels.model, { count: known.count + 1, sum: known.sum + value });
    }
    const model = `alert-${id}-${n}`;
    await push('/api/v2/alerts', [alertPayload(model)], model);
    sent.alerts.add(model);
    await sleep(500 + own() * 1000);
  }
}

async function kill(
  { emulator }: Deployment,
  done: { kills: number },
  { random, until }: { random: () => number; until: number },
): Promise<void> {
  while (Date.now() < until) {
    await sleep(killEveryMs);
    const running = functionProcesses(emulator.pid);
    const victim = running[Math.floor(random() * running.length)];
    if (victim === undefined) continue;
    try {
      process.kill(victim, 'SIGKILL');
      done.kills += 1;
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

async function repeat(deployment: Deployment, done: { again: number }, until: number): Promise<void> {
  while (Date.now() < until) {
    await sleep(againEveryMs);
    // A dispatch that is killed or throttled is one more disturbance.
    done.again += await deliverAgain(deployment, 30).catch(() => 0);
  }
}

type Page = Awaited<ReturnType<Deployment['pager']['pages']>>[number];

/**
 * Until everything that had to be paged is, and nothing of it waits any more; or until that has
 * taken too long.
 */
async function settled({ account, pager, store }: Deployment, sent: Sent): Promise<Page[]> {
  const until = Date.now() + settleMs;
  const wanted = sent.alerts.size + senders;
  for (;;) {
    await account.evaluate(stage).catch(() => undefined);
    const pages = await pager.pages();
    const incidents = new Set(pages.filter(({ reason }) => reason === 'triggered').map(({ incident }) => incident));
    const waiting = (await store.dueEffects(Number.MAX_SAFE_INTEGER, 10_000)).filter(({ effect }) => effect.kind === 'page');
    if ((incidents.size >= wanted && waiting.length === 0) || Date.now() > until) return pages;
    await sleep(3000);
  }
}

async function compare({ store, account }: Deployment, sent: Sent, pages: readonly Page[]): Promise<Row[]> {
  let count = 0;
  let wrong = 0;
  for (const series of await store.series('sensor', 'latency')) {
    const [buckets = []] = await store.buckets([{ series, from: 0, to: Date.now() + 60_000 }]);
    const found = { count: 0, sum: 0 };
    for (const { summary } of buckets) {
      if (summary.kind !== 'values') continue;
      found.count += summary.count;
      found.sum += summary.sum;
    }
    const wanted = sent.sums.get(series.labels['model'] ?? '');
    if (found.count !== wanted?.count || found.sum !== wanted.sum) wrong += 1;
    count += found.count;
  }
  const incidents = await store.incidents({ status: 'all', limit: 100_000 });
  const perModel = Map.groupBy(incidents, ({ groupLabels }) => groupLabels['model'] ?? '');
  const mustHave = [...sent.alerts, ...Array.from({ length: senders }, (_, id) => `bad-${id}`)];
  const first = pages.filter(({ reason }) => reason === 'triggered');
  const paged = new Set(first.map(({ incident }) => incident));
  const keys = new Set(pages.map(({ key }) => key));
  const firstKeys = new Set(first.map(({ key }) => key));
  const waiting = (await store.dueEffects(Number.MAX_SAFE_INTEGER, 10_000)).filter(({ effect }) => effect.kind === 'page');
  const dead = (await account.deadLetters(stage)).reduce((sum, { messages }) => sum + messages, 0);
  return [
    mustBe('samples: accepted and counted', count, sent.samples),
    mustBe('samples: series whose count or sum is not what was sent', wrong, 0),
    mustBe('incidents: missing, of those that had to be', mustHave.filter((model) => !perModel.has(model)).length, 0),
    mustBe('incidents: models with more than one', [...perModel.values()].filter((all) => all.length > 1).length, 0),
    { name: 'incidents', value: `${incidents.length}, of them ${sent.alerts.size} of posted alerts` },
    mustBe('pages: incidents whose first page never came', incidents.filter(({ id }) => !paged.has(id)).length, 0),
    mustBe('pages: first pages under more than one key', firstKeys.size - paged.size, 0),
    mustBe('pages: left in the outbox', waiting.length, 0),
    { name: 'pages: different keys received', value: String(keys.size) },
    { name: 'pages: repeats under the key of an earlier one, which SNS cannot drop', value: String(pages.length - keys.size) },
    { name: 'messages in dead-letter queues', value: String(dead) },
  ];
}
