import { type Evaluation, evaluateInTime } from '../app/evaluate/evaluate.ts';
import { earlyJudge } from '../app/evaluate/judge-early.ts';
import { inSpan } from '../app/in-span.ts';
import type { FoldObserver } from '../app/ports/observers.ts';
import type { Ports } from '../app/ports/ports.ts';
import { sweepIncidents } from '../app/respond/escalate.ts';
import { audit, auditEveryMs } from '../app/watch/audit.ts';
import { type Ping, pingIfWell } from '../app/watch/dead-mans-ping.ts';
import { lookAtDeployments } from '../app/watch/look-at-deployments.ts';
import { watchQuarantine } from '../app/watch/quarantine.ts';
import { watchSynthetic } from '../app/watch/synthetic.ts';
import { noteIdle, noteTick, noteVitals } from '../app/watch/vitals.ts';
import { endedWithin } from '../app/within.ts';
import { nextEvaluationAt } from '../core/detection/rules/cadence.ts';
import { lookEveryMs } from '../core/remediation/deployments/served.ts';
import type { TickNote } from '../core/selfcheck/vitals/vitals.ts';
import { logFaults } from '../core/vocabulary/log-faults.ts';
import type { Clock } from './clock.ts';
import { withLogged } from './json-log.ts';
import { outboxPump } from './outbox-pump.ts';

/** Looked for at least this often, for what no event announces. */
const pollMs = 1000;
const pruneEveryMs = 3_600_000;
const vitalsEveryMs = 60_000;
/** What is judged early is judged together with all that came within this, and no longer than half of the time. */
const earlyEveryMs = 50;
/** A delivery that is under way at the end is waited for this long; afterwards a later start repeats it. */
const drainMs = 5000;

export type RealRun = {
  /** Something may have become due. */
  kick(): void;
  /** Records have been folded, some of which may be judged early. */
  folded: FoldObserver;
  stop(): Promise<void>;
};

/** The minute ticker and the outbox pump of one machine, until stopped. No fault of one turn ends them. */
export function realRun(ports: Ports, clock: Clock, options: { drainMs?: number; ping?: Ping } = {}): RealRun {
  /** Ticks of which a source has not answered yet. */
  const unfinished = new Set<Promise<unknown>>();
  const outbox = alarmClock();
  const ticker = alarmClock();
  const watch = alarmClock();
  const looks = alarmClock();
  const samples = alarmClock();
  const pause = alarmClock();
  const early = earlyJudge(ports);
  let stopped = false;
  const report = (what: string) => (error: unknown) => {
    // Once stopped the store may be closed; what was cut off is found by the next start.
    if (!stopped) ports.log('error', what, { error: String(error) });
    return false;
  };

  const deliveries = outboxPump(ports, clock, {
    // What failed without having been postponed would fail again at once.
    ended: (carriedOut) => carriedOut && outbox.ring(),
    failed: report('an effect could not be carried out'),
  });

  async function deliverAndSweep(): Promise<void> {
    let dueBefore: number | undefined;
    while (!stopped) {
      const read = await deliveries.pump().then(() => true, report('the outbox could not be read'));
      const swept = await sweepIncidents(ports, clock.now()).then(() => true, report('due incidents could not be looked at'));
      const due = await ports.store.nextDueAt().catch(() => undefined);
      // What is still due after a turn is under way, or failed; it is no reason to look again at once.
      const lingers = due === undefined || !read || !swept || (due === dueBefore && due <= clock.now());
      dueBefore = due;
      await outbox.sleep(lingers ? pollMs : Math.min(pollMs, Math.max(due - clock.now(), 5)));
    }
  }

  async function tick(): Promise<void> {
    let lastTick = clock.now() - 1;
    let prunedAt = clock.now();
    let note: TickNote | undefined;
    while (!stopped) {
      // A clock that had run ahead and was set right must not hold anything up until it is there again.
      lastTick = Math.min(lastTick, clock.now());
      prunedAt = Math.min(prunedAt, clock.now());
      // As of now: the last tick may lie long before the sample of a synthetic incident, where no rule is due for hours.
      const config = (await ports.judgedConfig?.(ports, clock.now()).catch(() => undefined)) ?? ports.config;
      const at = Math.min(nextEvaluationAt(config, lastTick) ?? Number.POSITIVE_INFINITY, clock.now() + 60_000);
      if (at > clock.now()) {
        await noteIdle(ports, note, clock.now()).catch(report('how Tocsin is could not be noted'));
        await ticker.sleep(at - clock.now());
        continue;
      }
      lastTick = clock.now();
      const startedAt = lastTick;
      const noteEnd = async ({ report: done }: Evaluation): Promise<void> => {
        // The next tick has notes of its own.
        if (startedAt === lastTick) note = await noteTick(ports, done, { startedAt, endedAt: clock.now() });
      };
      const tick = `tick-${startedAt}`;
      const evaluated = (): Promise<Evaluation> => evaluateInTime(ports, startedAt, { clock: clock.now });
      await withLogged({ tick }, () => inSpan(ports, 'evaluate', { attributes: { 'tocsin.tick.id': tick } }, evaluated))
        .then(async (evaluation) => {
          if (evaluation.rest !== undefined) follow(evaluation.rest.then(() => noteEnd(evaluation)));
          await noteEnd(evaluation);
        })
        .catch(report('the rules could not be evaluated'));
      outbox.ring();
      if (clock.now() - prunedAt >= pruneEveryMs) {
        prunedAt = clock.now();
        await ports.store.prune(prunedAt).catch(report('expired records could not be dropped'));
      }
    }
  }

  /** Samples that breach are judged at once, and what comes while they are, all together a moment later. */
  async function judgeEarly(): Promise<void> {
    while (!stopped) {
      await samples.sleep(pollMs * 60);
      if (stopped) return;
      const at = clock.now();
      const began = performance.now();
      await withLogged({ tick: `early-${at}` }, () => early.judge(at)).catch(report('samples could not be judged early'));
      await pause.sleep(Math.max(earlyEveryMs, performance.now() - began));
    }
  }

  /** What comes late is committed when it comes, and holds up no tick that follows. */
  function follow(rest: Promise<void>): void {
    const ended: Promise<unknown> = rest.catch(report('what a source answered late could not be judged')).then(() => {
      unfinished.delete(ended);
      outbox.ring();
    });
    unfinished.add(ended);
  }

  /** Beside the others, so that it also tells when one of them hangs. */
  async function watchOurselves(): Promise<void> {
    let auditedAt = clock.now();
    while (!stopped) {
      const now = clock.now();
      auditedAt = Math.min(auditedAt, now);
      if (now - auditedAt >= auditEveryMs) {
        auditedAt = now;
        await audit(ports, now).catch(report('the incidents could not be audited'));
        outbox.ring();
      }
      await watchQuarantine(ports, now).catch(report('nobody could be told of what cannot be read'));
      await noteVitals(ports, now)
        .then(({ untold }) => untold !== undefined && ports.log('error', logFaults.nobodyTold, untold))
        .catch(report('how Tocsin is could not be noted'));
      await watchSynthetic(ports, now)
        .then(({ begun }) => begun && ticker.ring())
        .catch(report('the synthetic incident could not be looked after'));
      if (options.ping !== undefined) {
        await pingIfWell(ports, options.ping, now).catch(report("the dead-man's ping could not be decided"));
      }
      await watch.sleep(vitalsEveryMs);
    }
  }

  /** A hook that hangs holds up only the looks at others. */
  async function lookAround(): Promise<void> {
    while (!stopped) {
      await lookAtDeployments(ports, clock.now(), clock.now).catch(report('what deployments serve could not be seen'));
      await looks.sleep(lookEveryMs);
    }
  }

  const loops = Promise.all([deliverAndSweep(), tick(), judgeEarly(), watchOurselves(), lookAround()]);
  return {
    kick: outbox.ring,
    folded(folded) {
      if (early.note(folded)) samples.ring();
    },
    async stop() {
      stopped = true;
      outbox.ring();
      ticker.ring();
      watch.ring();
      looks.ring();
      samples.ring();
      pause.ring();
      const drained = loops.then(() => Promise.allSettled([...unfinished, deliveries.drained()]));
      await endedWithin([drained], options.drainMs ?? drainMs);
    },
  };
}

/** A sleep that can be ended early; a ring while nobody sleeps ends the next sleep at once. */
function alarmClock(): { sleep(ms: number): Promise<void>; ring(): void } {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    async sleep(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, ms));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      rung = false;
    },
    ring() {
      rung = true;
      wake?.();
    },
  };
}
