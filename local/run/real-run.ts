import { earlyJudge } from '../../app/evaluate/judge-early.ts';
import type { FoldObserver } from '../../app/ports/observers.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { endedWithin } from '../../app/with-timeout.ts';
import type { Clock } from '../clock.ts';
import { outboxPump } from '../outbox-pump.ts';
import { alarmClock } from './alarm-clock.ts';
import { deliverAndSweep } from './deliver-loop.ts';
import { judgeEarly } from './early-loop.ts';
import type { Loop } from './loop.ts';
import { tickLoop } from './tick-loop.ts';
import { type Outgoing, watchDeployments, watchOurselves } from './watch-loop.ts';

/** How long to wait at shutdown for deliveries under way. A later start repeats the others. */
const drainMs = 5000;

export type RealRun = {
  /** Something may have become due. */
  kick(): void;
  /** Records were folded, and some may be judged early. */
  folded: FoldObserver;
  stop(): Promise<void>;
};

/** The loops of a service on one machine, until stopped. A failed turn ends none of them. */
export function realRun(ports: Ports, clock: Clock, options: { drainMs?: number } & Outgoing = {}): RealRun {
  const clocks = {
    outbox: alarmClock(),
    ticker: alarmClock(),
    watch: alarmClock(),
    looks: alarmClock(),
    samples: alarmClock(),
    pause: alarmClock(),
  };
  const { outbox, ticker } = clocks;
  const early = earlyJudge(ports);
  let stopped = false;
  const loop: Loop = {
    ports,
    clock,
    stopped: () => stopped,
    report: (what) => (error) => {
      // After the stop the store may be closed; the next start finds what was cut off.
      if (!stopped) ports.log('error', what, { error: String(error) });
      return false;
    },
  };

  const deliveries = outboxPump(ports, clock, {
    // A failure that was not rescheduled would repeat at once.
    ended: (carriedOut) => carriedOut && outbox.ring(),
    failed: loop.report('an outbox message could not be handled'),
  });

  /** Ticks with a source that has not answered yet. */
  const unfinished = new Set<Promise<unknown>>();
  /** Late answers are committed when they arrive and delay no later tick. */
  function follow(rest: Promise<void>): void {
    const ended: Promise<unknown> = rest.catch(loop.report('a late answer of a source could not be judged')).then(() => {
      unfinished.delete(ended);
      outbox.ring();
    });
    unfinished.add(ended);
  }

  const loops = Promise.all([
    deliverAndSweep(loop, deliveries, outbox),
    tickLoop(loop, ticker, { ended: outbox.ring, rest: follow }),
    judgeEarly(loop, early, clocks),
    watchOurselves(loop, clocks.watch, { repaired: outbox.ring, begun: ticker.ring }, options),
    watchDeployments(loop, clocks.looks),
  ]);
  return {
    kick: outbox.ring,
    folded(folded) {
      if (early.note(folded)) clocks.samples.ring();
    },
    async stop() {
      stopped = true;
      for (const one of Object.values(clocks)) one.ring();
      const drained = loops.then(() => Promise.allSettled([...unfinished, deliveries.drained()]));
      await endedWithin([drained], options.drainMs ?? drainMs);
    },
  };
}
