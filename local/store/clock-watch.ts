import type { SqliteFile } from '../../adapters/sqlite/index.ts';
import type { Log } from '../../app/ports/log.ts';
import { type ClockStep, stepBack, stepBetween, stepText } from '../../core/selfcheck/clock/step.ts';
import type { HealthReason } from '../../core/selfcheck/vitals/vitals.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import type { Clock, ClockSteps } from '../clock.ts';

/** For so long `/healthz` counts a step as something that is not well; it is shown for as long as the service runs. */
const toldForMs = 3_600_000;

/** Nothing that was begun before a step is still being decided after this. */
const decidedWithinMs = 300_000;

export type ClockWatch = {
  /** Moves what is stored with a step that was met since. To be called while the store can be written. */
  look(): void;
  last(): ClockStep | undefined;
  reasons(): HealthReason[];
  /** Whether a time was taken for now before the last step: what was decided by it must not stand. */
  isOfBefore(at: number): boolean;
  /** How far the clock may run ahead, by steps since the start: what has expired is kept for so long. */
  ahead(): number;
};

/**
 * Moves what waits for a time, or counts from one, with each step of the clock, so that nothing comes at once because of it
 * and nothing is put off. At the start, with the step since the store was last used.
 */
export function clockWatch(file: Pick<SqliteFile, 'clockBefore' | 'rebase'>, clock: Clock, log: Log): ClockWatch {
  let last: { step: ClockStep; toldUntil: number } | undefined;
  let ahead = 0;

  function move(step: ClockStep, steps: ClockSteps): void {
    const records = file.rebase(step, steps.reading());
    ahead = Math.max(0, ahead + step.to - step.from);
    last = { step, toldUntil: step.to + toldForMs };
    log('warn', `the clock stepped ${stepText(step)}; what waits for a time, or counts from one, was moved with it`, {
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
      const text = `the clock stepped ${stepText(last.step)}, from ${formatUtc(from)} to ${formatUtc(to)}; deadlines were moved with it`;
      return [{ kind: 'clock stepped', text }];
    },
    isOfBefore(at) {
      if (last === undefined || Math.abs(clock.now() - last.step.to) > decidedWithinMs) return false;
      return Math.abs(at - clock.now()) > Math.abs(last.step.to - last.step.from) / 2;
    },
    ahead: () => ahead,
  };
}
