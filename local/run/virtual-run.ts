import { deliverDue } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { sweepIncidents } from '../../app/respond/escalate.ts';
import { nextEvaluationAt } from '../../core/detection/rules/cadence.ts';
import type { VirtualClock } from '../clock.ts';

/** Something that happens at a time of the story, such as records that arrive. In order of `at`. */
export type VirtualEvent = { at: number; run(): Promise<void> };

export type VirtualRun = {
  ports: Ports;
  clock: VirtualClock;
  events: Iterable<VirtualEvent> | AsyncIterable<VirtualEvent>;
  /** Rules are judged, and deadlines are met, up to and including this time. */
  until: number;
  /** Called before the clock moves on, with the time it moves to: for progress, pacing and stopping (false). */
  onAdvance?: (to: number) => Promise<boolean> | boolean | undefined;
};

/** How often the next event may find nothing to do at one time before it is a fault of ours. */
const maxStepsAtOneTime = 1000;

/**
 * Runs the whole service on a virtual clock: it goes from one thing that is due to the next, without sleeping, so the
 * same events give the same decisions at the same times. At one time: first what arrives, then judging, then deadlines
 * and deliveries. Returns false when `onAdvance` stopped it.
 */
export async function virtualRun({ ports, clock, events, until, onAdvance }: VirtualRun): Promise<boolean> {
  const source = Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]();
  let next = await source.next();
  let lastTick = clock.now() - 1;
  let steps = 0;
  for (;;) {
    const eventAt = next.done ? undefined : next.value.at;
    const ruleAt = nextEvaluationAt((await ports.judgedConfig?.(ports, clock.now())) ?? ports.config, lastTick);
    const dueAt = await ports.store.nextDueAt();
    const at = Math.max(clock.now(), Math.min(...[eventAt, ruleAt, dueAt].filter((time) => time !== undefined)));
    if (at > until) break;
    steps = at === clock.now() ? steps + 1 : 0;
    if (steps > maxStepsAtOneTime)
      throw new Error(`the virtual clock stands still at ${new Date(at).toISOString()}: something is due that nobody concludes`);
    if (at > clock.now() && (await onAdvance?.(at)) === false) return false;
    clock.set(at);
    while (!next.done && next.value.at <= at) {
      await next.value.run();
      next = await source.next();
    }
    if (ruleAt !== undefined && ruleAt <= at) {
      // The same story is to be told in the same way, however busy the machine is.
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
