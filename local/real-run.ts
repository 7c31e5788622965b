import { deliverEffect } from '../app/deliver.ts';
import { sweepIncidents } from '../app/escalate.ts';
import { evaluate, nextEvaluationAt } from '../app/evaluate.ts';
import type { Ports } from '../app/ports.ts';
import type { Clock } from './clock.ts';

/** Deliveries under way at once; a receiver that hangs holds up only its own. */
const maxInFlight = 32;
/** Looked for at least this often, for what no event announces. */
const pollMs = 1000;
const pruneEveryMs = 3_600_000;
/** A delivery that is under way at the end is waited for this long; afterwards the next start repeats it. */
const drainMs = 5000;

export type RealRun = { /** Something may have become due. */ kick(): void; stop(): Promise<void> };

/** The minute ticker and the outbox pump of one machine, until stopped. No fault of one turn ends them. */
export function realRun(ports: Ports, clock: Clock): RealRun {
  const inFlight = new Map<string, Promise<unknown>>();
  let stopped = false;
  let wake: (() => void) | undefined;
  let lastTick = clock.now() - 1;
  let prunedAt = clock.now();
  const report = (what: string) => (error: unknown) => ports.log('error', what, { error: String(error) });

  let kicked = false;
  function kick(): void {
    kicked = true;
    wake?.();
  }

  async function pause(ms: number): Promise<void> {
    // What became due while we were at work is looked for at once.
    if (kicked) {
      kicked = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = undefined;
    kicked = false;
  }

  async function pump(): Promise<void> {
    for (const { effect } of await ports.store.dueEffects(clock.now(), 200)) {
      if (inFlight.size >= maxInFlight) return;
      if (inFlight.has(effect.id)) continue;
      const delivery = deliverEffect(ports, effect.id, clock.now())
        .catch(report('an effect could not be carried out'))
        .finally(() => {
          inFlight.delete(effect.id);
          kick();
        });
      inFlight.set(effect.id, delivery);
    }
  }

  async function deliverAndSweep(): Promise<void> {
    while (!stopped) {
      await pump().catch(report('the outbox could not be read'));
      await sweepIncidents(ports, clock.now()).catch(report('due incidents could not be read'));
      const due = await ports.store.nextDueAt().catch(() => undefined);
      await pause(Math.min(pollMs, Math.max(due === undefined || inFlight.size > 0 ? pollMs : due - clock.now(), 5)));
    }
  }

  let tickWake: (() => void) | undefined;
  async function tick(): Promise<void> {
    while (!stopped) {
      const at = Math.min(nextEvaluationAt(ports.config.rules, lastTick) ?? Number.POSITIVE_INFINITY, clock.now() + 60_000);
      const wait = at - clock.now();
      if (wait > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, wait);
          tickWake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        continue;
      }
      lastTick = clock.now();
      await evaluate(ports, lastTick).catch(report('the rules could not be evaluated'));
      kick();
      if (clock.now() - prunedAt >= pruneEveryMs) {
        prunedAt = clock.now();
        await ports.store.prune(prunedAt).catch(report('expired records could not be dropped'));
      }
    }
  }

  const loops = Promise.all([deliverAndSweep(), tick()]);
  return {
    kick,
    async stop() {
      stopped = true;
      kick();
      tickWake?.();
      await loops;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, drainMs);
      });
      await Promise.race([Promise.allSettled(inFlight.values()), late]);
      clearTimeout(timer);
    },
  };
}
