import { setTimeout as sleep } from 'node:timers/promises';
import { alertPayload } from '../chaos/config.ts';
import { mustBe, type Row } from '../chaos/result.ts';
import { quantile } from '../load/push.ts';
import { type Deployment, deploy, stage } from './deployment.ts';

const alerts = 500;
const groups = 20;
const perPost = 25;
const burst = { posts: 40, samples: 50, atOnce: 4 };
const single = 15;
/** `ackWithin` of the first tier is 30 s; the sweep has a minute more. */
const settleMs = 150_000;

/**
 * A storm of alerts, a burst of samples, and single alerts on their way to the topic, against the
 * deployed functions.
 */
export async function loadDeployed(): Promise<Row[]> {
  const deployment = await deploy();
  try {
    return [...(await latency(deployment)), ...(await samples(deployment)), ...(await storm(deployment))];
  } finally {
    await deployment.close();
  }
}

async function latency({ post, pager }: Deployment): Promise<Row[]> {
  const acceptedAt = new Map<string, number>();
  const waits: number[] = [];
  for (let n = 0; n < single; n += 1) {
    const model = `single-${n}`;
    await took(post('/api/v2/alerts', [alertPayload(model)]));
    acceptedAt.set(model, Date.now());
    for (const until = Date.now() + 90_000; Date.now() < until; await sleep(20)) {
      if (!(await pager.pages()).some(({ text, reason }) => reason === 'triggered' && text.includes(`model=${model}`))) continue;
      waits.push(Date.now() - (acceptedAt.get(model) ?? 0));
      break;
    }
  }
  return [
    mustBe('single alerts: paged', waits.length, single),
    {
      name: 'single alerts: answer to page on the topic, median and slowest',
      value: `${ms(quantile(waits, 0.5))} and ${ms(Math.max(...waits))}`,
    },
  ];
}

async function samples({ post, store }: Deployment): Promise<Row[]> {
  const began = performance.now();
  let next = 0;
  let again = 0;
  const worker = async (): Promise<void> => {
    while (next < burst.posts) {
      const n = next++;
      const body = Array.from({ length: burst.samples }, (_, place) => ({
        metric: 'latency',
        value: 1,
        timestamp: Date.now(),
        labels: { model: `burst-${place % 10}` },
      }));
      // Writers that meet at one bucket too often are told to come again, as the key allows.
      while ((await post('/v1/samples', body, `burst ${n}`)).status !== 200) {
        again += 1;
        await sleep(100);
      }
    }
  };
  await Promise.all(Array.from({ length: burst.atOnce }, worker));
  const perSecond = (1000 * burst.posts * burst.samples) / (performance.now() - began);
  let count = 0;
  for (const series of await store.series('sensor', 'latency')) {
    const [buckets = []] = await store.buckets([{ series, from: 0, to: Date.now() + 60_000 }]);
    for (const { summary } of buckets) if (summary.kind === 'values') count += summary.count;
  }
  return [
    mustBe('burst: samples accepted and counted', count, burst.posts * burst.samples),
    {
      name: `burst: posts of ${burst.samples} samples, ${burst.atOnce} at once`,
      value: `${Number(perSecond.toPrecision(3))} samples/s, ${again} posts sent again`,
    },
  ];
}

async function storm({ post, pager, store, account }: Deployment): Promise<Row[]> {
  const before = new Set((await store.incidents({ status: 'all', limit: 10_000 })).map(({ id }) => id));
  const began = performance.now();
  for (let from = 0; from < alerts; from += perPost) {
    const body = Array.from({ length: perPost }, (_, n) =>
      alertPayload(`storm-${(from + n) % groups}`, { pod: String(from + n) }),
    );
    await took(post('/api/v2/alerts', body));
  }
  const perSecond = (1000 * alerts) / (performance.now() - began);
  const ofStorm = async () =>
    (await store.incidents({ status: 'all', limit: 10_000 })).filter(({ id }) => !before.has(id)).map(({ id }) => id);
  const incidents = await ofStorm();
  const pagesFor = async (reason: string) => {
    const known = new Set<string>(await ofStorm());
    return (await pager.pages()).filter((page) => page.reason === reason && known.has(page.incident));
  };
  for (const until = Date.now() + settleMs; Date.now() < until; await sleep(2000))
    if ((await pagesFor('escalated')).length >= groups) break;
  // What would be a page too many has a moment to show itself.
  await sleep(5000);
  const triggered = await pagesFor('triggered');
  const escalated = await pagesFor('escalated');
  const firing = (await store.alerts()).filter(
    ({ state, labels }) => state === 'firing' && labels['model']?.startsWith('storm-'),
  );
  const dead = (await account.deadLetters(stage)).reduce((sum, { messages }) => sum + messages, 0);
  return [
    mustBe('storm: alerts firing', firing.length, alerts),
    mustBe('storm: incidents', incidents.length, groups),
    mustBe('storm: pages to tier 1, triggered', triggered.length, groups),
    mustBe('storm: incidents they are about', new Set(triggered.map(({ incident }) => incident)).size, groups),
    mustBe('storm: pages to tier 2, escalated', escalated.length, groups),
    mustBe('storm: messages in dead-letter queues', dead, 0),
    { name: `storm: posts of ${perPost} alerts`, value: `${Number(perSecond.toPrecision(3))} alerts/s` },
  ];
}

async function took(posted: ReturnType<Deployment['post']>): Promise<void> {
  const { status, text } = await posted;
  if (status !== 200) throw new Error(`expected 200; received ${status}: ${text}`);
}

const ms = (value: number): string => `${Math.round(value)} ms`;
