import { deliverDue } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { sweepIncidents } from '../../app/respond/escalate.ts';
import { nextEvaluationAt } from '../../core/detection/rules/cadence.ts';
import type { VirtualClock } from '../clock.ts';
import { isTimed } from './is-timed.ts';

/** Something that happens at a virtual time, such as arriving records. Sorted by `at`. */
export type VirtualEvent = { at: number; run(): Promise<void> };

export type VirtualRun = {
  ports: Ports;
  clock: VirtualClock;
  events: Iterable<VirtualEvent> | AsyncIterable<VirtualEvent>;
  /** Runs up to and including this time. */
  until: number;
  /**
   * Called before the clock advances, with the new time: for progress, pacing, or stopping (false).
   */
  onAdvance?: (to: number) => Promise<boolean> | boolean | undefined;
};

/** More idle steps than this at one time indicate a bug. */
const maxStepsAtOneTime = 1000;

/**
 * Runs the whole service on a virtual clock, from one due event to the next without sleeping, so
 * equal events give equal decisions at equal times. Order at one time: arrivals, judging, deadlines
 * and deliveries. Returns false if `onAdvance` stopped it.
 */
export async function virtualRun({ ports, clock, events, until, onAdvance }: VirtualRun): Promise<boolean> {
  const source = Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]();
  let next = await source.next();
  let lastTick = clock.now() - 1;
  let steps = 0;
  for (;;) {
    const eventAt = next.done ? undefined : next.value.at;
    const config = (await ports.judgedConfig?.(ports, clock.now())) ?? ports.config;
    const ruleAt = nextEvaluationAt(config, lastTick, isTimed(config));
    const dueAt = await ports.store.nextDueAt();
    const at = Math.max(clock.now(), Math.min(...[eventAt, ruleAt, dueAt].filter((time) => time !== undefined)));
    if (at > until) break;
    steps = at === clock.now() ? steps + 1 : 0;
    if (steps > maxStepsAtOneTime)
      throw new Error(`the virtual clock is stuck at ${new Date(at).toISOString()}: something due is never completed`);
    if (at > clock.now() && (await onAdvance?.(at)) === false) return false;
    clock.set(at);
    while (!next.done && next.value.at <= at) {
      await next.value.run();
      next = await source.next();
    }
    if (ruleAt !== undefined && ruleAt <= at) {
      // Waits for all sources, so that the result does not depend on the load of the machine.
      await evaluate(ports, at, { together: 'for all' });
      lastTick = at;
    }
    await deliverDue(ports, at);
    if ((await sweepIncidents(ports, at)) > 0) await deliverDue(ports, at);
  }
  if ((await onAdvance?.(until)) === false) return false;
  clock.set(until);
  return true;
}
