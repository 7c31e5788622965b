import { uptime } from 'node:os';
import { type ClockReading, type ClockStep, smallestStepMs, stepBetween } from '../core/selfcheck/clock/step.ts';

/** Where the time comes from. Decisions only ever see numbers, so the clock can be any. */
export type Clock = {
  now(): number;
  /** Only of a clock that can step: see `steadyClock`. */
  steps?: ClockSteps;
};

export type ClockSteps = {
  /** What the clocks of the machine show, steps included. */
  reading(): ClockReading;
  /** A step that `now` does not show yet. */
  pending(): ClockStep | undefined;
  /** From now on `now` shows it: what is stored has been moved with it. */
  settle(): void;
};

export const systemClock: Clock = { now: () => Date.now() };

export type MachineClocks = {
  wall(): number;
  /** Grows steadily, and need not count while the machine sleeps; cheap. */
  monotonic(): number;
  /** Milliseconds since the machine began, sleep included. */
  uptime(): number;
};

const machine: MachineClocks = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1000,
};

/**
 * The clock of the machine, which goes on as before when that is set to another time, until `settle` says that what is stored
 * has been moved with it. So no decision is made between the two. A machine that has slept has not been set: its time passed.
 */
export function steadyClock(clocks: MachineClocks = machine): Clock & { steps: ClockSteps } {
  const reading = (): ClockReading => ({ at: clocks.wall(), uptime: clocks.uptime() });
  let last = reading();
  let drift = last.at - clocks.monotonic();
  /** How far the wall is ahead of what `now` shows. */
  let ahead = 0;

  /** Small corrections are followed as they come; sleep is told from a step by a clock that costs more to read. */
  function look(): number {
    const wall = clocks.wall();
    const drifted = wall - clocks.monotonic() - drift;
    if (Math.abs(drifted) < smallestStepMs && wall - last.at < 1000 && wall >= last.at) return wall;
    const now = reading();
    const step = stepBetween(last, now);
    if (step !== undefined) ahead += step.to - step.from;
    last = now;
    drift = now.at - clocks.monotonic();
    return now.at;
  }

  return {
    now: () => look() - ahead,
    steps: {
      reading,
      pending() {
        const wall = look();
        return ahead === 0 ? undefined : { from: wall - ahead, to: wall };
      },
      settle() {
        ahead = 0;
      },
    },
  };
}

/** A clock that stands until it is set, or runs on from where it stood. */
export type VirtualClock = Clock & {
  set(at: number): void;
  /** From now on it goes as fast as real time. */
  run(): void;
};

export function virtualClock(from: number): VirtualClock {
  let at = from;
  let startedAt: number | undefined;
  return {
    now: () => (startedAt === undefined ? at : at + (Date.now() - startedAt)),
    set(to) {
      at = to;
    },
    run() {
      startedAt = Date.now();
    },
  };
}
