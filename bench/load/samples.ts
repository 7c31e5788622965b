import { setTimeout as sleep } from 'node:timers/promises';
import { hookSecret, pushConfig } from '../chaos/config.ts';
import { receiver } from '../chaos/receiver.ts';
import type { Row } from '../chaos/result.ts';
import { placeOf, startService } from '../chaos/service.ts';
import { peakMbOf } from '../chaos/storm.ts';
import { flood, push, quantile } from './push.ts';

const steadyMs = 20_000;
const perSecond = 1000;
const perPost = 10;
const floodMs = 8000;

const sampleOf = (model: string, value: number) => ({ metric: 'latency', value, timestamp: Date.now(), labels: { model } });

/**
 * Samples at 1,000 a second, among them one a second that opens an incident of its own: from the moment its sample is answered
 * with 200 to its page at the receiver's door. Rules are judged on a step of one second, over seconds that are over.
 */
export async function samples(): Promise<Row[]> {
  const target = await receiver();
  const place = placeOf(pushConfig(target.url));
  const running = await startService(place, hookSecret);
  const url = `${running.url}/v1/samples`;
  try {
    const acceptedAt = new Map<string, number>();
    const answers: number[] = [];
    const began = performance.now();
    const pending: Promise<void>[] = [];
    const posts = (steadyMs / 1000) * (perSecond / perPost);
    for (let post = 0; post < posts; post += 1) {
      const wait = began + (post * 1000 * perPost) / perSecond - performance.now();
      if (wait > 0) await sleep(wait);
      const body = Array.from({ length: perPost }, (_, n) => sampleOf(`m-${(post * perPost + n) % 100}`, 10));
      // Not always at the same place within its second.
      const bad = post % 97 === 50 ? `bad-${post}` : undefined;
      if (bad !== undefined) body.push(sampleOf(bad, 1000));
      pending.push(
        push(url, JSON.stringify(body)).then(({ status, ms }) => {
          if (status !== 200) throw new Error(`${url}: expected 200; received ${status}`);
          answers.push(ms);
          if (bad !== undefined) acceptedAt.set(bad, Date.now());
        }),
      );
    }
    await Promise.all(pending);
    await sleep(4000);
    const waits: number[] = [];
    for (const [model, at] of acceptedAt) {
      const page = target.pages.find((one) => one.model === model);
      if (page !== undefined) waits.push(page.at - at);
    }
    const single = await flood(url, (n) => JSON.stringify([sampleOf(`m-${n % 100}`, n % 90)]), { atOnce: 16, forMs: floodMs });
    const batch = await flood(
      url,
      (n) => JSON.stringify(Array.from({ length: 100 }, (_, place) => sampleOf(`m-${place}`, (n + place) % 90))),
      { atOnce: 4, forMs: floodMs },
    );
    const round = (value: number): number => Number(value.toPrecision(3));
    return [
      {
        name: `${perSecond} samples/s for ${steadyMs / 1000} s: incidents paged`,
        value: `${waits.length} of ${acceptedAt.size}`,
      },
      { name: 'accepted sample to page at the door, median', value: `${round(quantile(waits, 0.5))} ms` },
      { name: 'accepted sample to page at the door, p99', value: `${round(quantile(waits, 0.99))} ms` },
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
