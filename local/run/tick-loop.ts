import { type Evaluation, evaluateInTime } from '../../app/evaluate/evaluate.ts';
import { inSpan } from '../../app/in-span.ts';
import { noteIdle, noteTick } from '../../app/selfcheck/vitals.ts';
import { nextEvaluationAt } from '../../core/detection/rules/cadence.ts';
import type { TickNote } from '../../core/selfcheck/vitals/vitals.ts';
import { withLogged } from '../json-log.ts';
import type { AlarmClock } from './alarm-clock.ts';
import { isTimed } from './is-timed.ts';
import type { Loop } from './loop.ts';

const pruneEveryMs = 3_600_000;
const idleMs = 60_000;

/**
 * After a tick: `ended` once everything is committed, `rest` for sources that have not answered.
 */
type TickEvents = { ended(): void; rest(work: Promise<void>): void };

/** Judges the rules when the next one is due. */
export async function tickLoop(loop: Loop, ticker: AlarmClock, events: TickEvents): Promise<void> {
  const { ports, clock, stopped, report } = loop;
  let lastTick = clock.now() - 1;
  let prunedAt = clock.now();
  let note: TickNote | undefined;
  while (!stopped()) {
    // A clock that was ahead and then corrected must not block ticks until it catches up.
    lastTick = Math.min(lastTick, clock.now());
    prunedAt = Math.min(prunedAt, clock.now());
    const at = await nextTickAt(loop, lastTick);
    if (at > clock.now()) {
      await noteIdle(ports, note, clock.now()).catch(report('the state of this service could not be noted'));
      await ticker.sleep(at - clock.now());
      continue;
    }
    const startedAt = clock.now();
    lastTick = startedAt;
    const noteEnd = async ({ report: done }: Evaluation): Promise<void> => {
      // A newer tick has a note of its own.
      if (startedAt === lastTick) note = await noteTick(ports, done, { startedAt, endedAt: clock.now() });
    };
    await evaluated(loop, startedAt)
      .then(async (evaluation) => {
        if (evaluation.rest !== undefined) events.rest(evaluation.rest.then(() => noteEnd(evaluation)));
        await noteEnd(evaluation);
      })
      .catch(report('the rules could not be evaluated'));
    events.ended();
    if (clock.now() - prunedAt >= pruneEveryMs) {
      prunedAt = clock.now();
      await ports.store.prune(prunedAt).catch(report('expired records could not be dropped'));
    }
  }
}

/** As of now: the last tick may be long before a tenant's sample, if no rule was due for hours. */
async function nextTickAt({ ports, clock }: Loop, lastTick: number): Promise<number> {
  const config = (await ports.judgedConfig?.(ports, clock.now()).catch(() => undefined)) ?? ports.config;
  return Math.min(nextEvaluationAt(config, lastTick, isTimed(config)) ?? Number.POSITIVE_INFINITY, clock.now() + idleMs);
}

function evaluated({ ports, clock }: Loop, startedAt: number): Promise<Evaluation> {
  const tick = `tick-${startedAt}`;
  const work = (): Promise<Evaluation> => evaluateInTime(ports, startedAt, { clock: clock.now });
  return withLogged({ tick }, () => inSpan(ports, 'evaluate', { attributes: { 'tocsin.tick.id': tick } }, work));
}
