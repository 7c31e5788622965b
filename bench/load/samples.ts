import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigInput } from '../../core/config/schema.ts';
import { hookSecret, pushConfig } from '../chaos/config.ts';
import { receiver, timeNow } from '../chaos/receiver.ts';
import type { Row } from '../chaos/result.ts';
import { placeOf, startService } from '../chaos/service.ts';
import { peakMbOf } from '../chaos/storm.ts';
import { flood, push, quantile } from './push.ts';

const steadyMs = 30_000;
const perSecond = 1000;
const perPost = 10;
const floodMs = 8000;

const sampleOf = (model: string, value: number, metric = 'latency') => ({
  metric,
  value,
  timestamp: Date.now(),
  labels: { model },
});

/**
 * The same as the rule that is judged early, of a mean, which is judged when its second is over.
 */
function config(receiver: string): ConfigInput {
  const base = pushConfig(receiver);
  const slow = base.rules?.['slow'];
  if (slow === undefined) throw new Error('expected the rule `slow` in the config of the harness');
  return {
    ...base,
    rules: { ...base.rules, heavy: { ...slow, query: { samples: { metric: 'load' } } } },
  };
}

/**
 * Posts with a sample that opens an incident of its own, not always at the same place within its
 * second.
 */
const breaches = { early: { every: 23, metric: 'latency' }, ended: { every: 97, metric: 'load' } } as const;
type Kind = keyof typeof breaches;

/**
 * Samples at 1,000 a second, among them some that open incidents of their own: from the moment such
 * a sample is sent, and answered with 200, to its page at the receiver's door. Rules have a step of
 * one second: one judges the largest sample, which is done early, and one the mean of seconds that
 * are over.
 */
export async function samples(): Promise<Row[]> {
  const target = await receiver();
  const place = placeOf(config(target.url));
  const running = await startService(place, hookSecret);
  const url = `${running.url}/v1/samples`;
  try {
    const breached: { kind: Kind; model: string; sentAt: number; acceptedAt: number }[] = [];
    const answers: number[] = [];
    const began = performance.now();
    const pending: Promise<void>[] = [];
    const posts = (steadyMs / 1000) * (perSecond / perPost);
    for (let post = 0; post < posts; post += 1) {
      const wait = began + (post * 1000 * perPost) / perSecond - performance.now();
      if (wait > 0) await sleep(wait);
      const body = Array.from({ length: perPost }, (_, n) => sampleOf(`m-${(post * perPost + n) % 100}`, 10));
      const bad = (Object.keys(breaches) as Kind[])
        .filter((kind) => post % breaches[kind].every === 10)
        .map((kind) => ({ kind, model: `${kind}-${post}` }));
      for (const { kind, model } of bad) body.push(sampleOf(model, 1000, breaches[kind].metric));
      const sentAt = timeNow();
      pending.push(
        push(url, JSON.stringify(body)).then(({ status, ms }) => {
          if (status !== 200) throw new Error(`${url}: expected 200; received ${status}`);
          answers.push(ms);
          for (const one of bad) breached.push({ ...one, sentAt, acceptedAt: timeNow() });
        }),
      );
    }
    await Promise.all(pending);
    await sleep(4000);
    const waits = (kind: Kind): { paged: string; accepted: number[]; sent: number[] } => {
      const own = breached.filter((one) => one.kind === kind);
      const paged = own.flatMap(({ model, sentAt, acceptedAt }) => {
        const page = target.pages.find((one) => one.model === model);
        return page === undefined ? [] : [{ accepted: page.at - acceptedAt, sent: page.at - sentAt }];
      });
      return {
        paged: `${paged.length} of ${own.length}`,
        accepted: paged.map(({ accepted }) => accepted),
        sent: paged.map(({ sent }) => sent),
      };
    };
    const single = await flood(url, (n) => JSON.stringify([sampleOf(`m-${n % 100}`, n % 90)]), { atOnce: 16, forMs: floodMs });
    const batch = await flood(
      url,
      (n) => JSON.stringify(Array.from({ length: 100 }, (_, place) => sampleOf(`m-${place}`, (n + place) % 90))),
      { atOnce: 4, forMs: floodMs },
    );
    const round = (value: number): number => Number(value.toPrecision(3));
    return [
      ...(Object.keys(breaches) as Kind[]).flatMap((kind): Row[] => {
        const { paged, accepted, sent } = waits(kind);
        const both = (values: number[]): string => `${round(quantile(values, 0.5))} / ${round(quantile(values, 0.99))} ms`;
        const how = kind === 'early' ? 'judged at once (max)' : 'judged when its second is over (mean)';
        return [
          { name: `${perSecond} samples/s for ${steadyMs / 1000} s, ${how}: incidents paged`, value: paged },
          { name: `${how}: accepted sample to page at the door, median / p99`, value: both(accepted) },
          { name: `${how}: sample sent to page at the door, median / p99`, value: both(sent) },
        ];
      }),
      { name: 'answer to a post of 10 samples, median', value: `${round(quantile(answers, 0.5))} ms` },
      { name: 'answer to a post of 10 samples, p99', value: `${round(quantile(answers, 0.99))} ms` },
      { name: 'posts of one sample, 16 at once', value: `${round(single.perSecond)} samples/s` },
      { name: 'posts of 100 samples of 100 series, 4 at once', value: `${round(100 * batch.perSecond)} samples/s` },
      { name: 'highest resident memory of the service', value: `${round(peakMbOf(running.pid))} MB` },
    ];
  } finally {
    await running.kill('SIGKILL');
    await target.close();
    place.remove();
  }
}
