import type { Account } from './account.ts';
import type { Deployed } from './deployed.ts';
import type { MetricMath } from './metric-math.ts';
import { shape } from './metric-math.ts';

const everyMs = 3000;
const periodMs = 10_000;

/** Pipelines that keep sending what they measure, in the background, until stopped. */
export type Traffic = {
  /** From now on this service sends this value of this metric. */
  set(metric: string, service: string, value: number): void;
  /** From now on CloudWatch has these values of the namespace Scorer. */
  scorer(values: { Latency: number; Failed: number; Calls: number }): void;
  /** Sends all at once, and then goes on. Throws what went wrong since it was last called. */
  send(): Promise<void>;
  /** How often it was asked to send again later (503), which it does. */
  putOff(): number;
  stop(): void;
};

export function trafficTo(deployed: Deployed, account: Account, math: MetricMath): Traffic {
  const values = new Map<string, { metric: string; service: string; value: number }>();
  const shares = new Map<number, number>();
  let scorer: Record<string, number> | undefined;
  let failure: unknown;
  let putOff = 0;
  math.answers.set(shape('failed / calls'), () => shares);

  async function sendAll(): Promise<void> {
    if (values.size > 0) {
      const { status, body } = await deployed.push([...values.values()]);
      if (status === 503) putOff += 1;
      else if (status !== 200) throw new Error(`expected 200 for samples; received ${status}: ${body}`);
    }
    if (scorer !== undefined) {
      const period = Math.floor(Date.now() / periodMs) * periodMs;
      shares.set(period / 1000, (scorer['Failed'] ?? 0) / (scorer['Calls'] ?? 1));
      await account.putMetrics('Scorer', period, scorer);
    }
  }
  const timer = setInterval(() => {
    sendAll().catch((error: unknown) => {
      failure ??= error;
    });
  }, everyMs);

  return {
    set: (metric, service, value) => void values.set(`${metric} ${service}`, { metric, service, value }),
    scorer(next) {
      scorer = next;
    },
    async send() {
      await sendAll();
      if (failure !== undefined) throw failure;
    },
    putOff: () => putOff,
    stop: () => clearInterval(timer),
  };
}
