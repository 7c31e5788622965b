import type { Log } from '../../app/ports/log.ts';
import { type ClockStep, stepBack, stepBetween, stepText } from '../../core/selfcheck/clock/step.ts';
import type { HealthReason } from '../../core/selfcheck/vitals/vitals.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import type { SqliteFile } from '../../stores/sqlite/index.ts';
import type { Clock, ClockSteps } from '../clock.ts';

/** How long `/healthz` counts a step as unhealthy. It shows the step until the service stops. */
const toldForMs = 3_600_000;

/** Work started before a step has finished deciding after this long. */
const decidedWithinMs = 300_000;

export type ClockWatch = {
  /**
   * Moves stored times by any step since the last call. Call it only while the store is writable.
   */
  look(): void;
  last(): ClockStep | undefined;
  reasons(): HealthReason[];
  /** Whether a decision's time predates the last step, so that it must not be committed. */
  isOfBefore(at: number): boolean;
  /**
   * How far the clock may be ahead after steps since the start. Expired records are kept that much
   * longer.
   */
  ahead(): number;
};

/**
 * Moves every stored time that something waits for, or counts from, with each clock step, so that
 * nothing fires early or late because of it. At the start, handles a step since the store was last
 * used.
 */
export function clockWatch(file: Pick<SqliteFile, 'clockBefore' | 'rebase'>, clock: Clock, log: Log): ClockWatch {
  let last: { step: ClockStep; toldUntil: number } | undefined;
  let ahead = 0;

  function move(step: ClockStep, steps: ClockSteps): void {
    const records = file.rebase(step, steps.reading());
    ahead = Math.max(0, ahead + step.to - step.from);
    last = { step, toldUntil: step.to + toldForMs };
    log('warn', `the clock stepped ${stepText(step)}; deadlines and counters moved with it`, {
      from: new Date(step.from).toISOString(),
      to: new Date(step.to).toISOString(),
      records,
    });
  }

  const { steps } = clock;
  const before = steps === undefined ? undefined : file.clockBefore();
  if (steps !== undefined && before !== undefined) {
    const now = steps.reading();
    const step = before.sameBoot ? stepBetween(before.reading, now) : stepBack(before.reading.at, now.at);
    if (step !== undefined) move(step, steps);
  }

  return {
    look() {
      const step = steps?.pending();
      if (steps === undefined || step === undefined) return;
      move(step, steps);
      steps.settle();
    },
    last: () => last?.step,
    reasons() {
      if (last === undefined || clock.now() >= last.toldUntil) return [];
      const { from, to } = last.step;
      const text = `the clock stepped ${stepText(last.step)}, from ${formatUtc(from)} to ${formatUtc(to)}; deadlines moved with it`;
      return [{ kind: 'clock stepped', text }];
    },
    isOfBefore(at) {
      if (last === undefined || Math.abs(clock.now() - last.step.to) > decidedWithinMs) return false;
      return Math.abs(at - clock.now()) > Math.abs(last.step.to - last.step.from) / 2;
    },
    ahead: () => ahead,
  };
}
