import { uptime } from 'node:os';
import { type ClockReading, type ClockStep, smallestStepMs, stepBetween } from '../core/selfcheck/clock/step.ts';

/** The source of time. Decisions only see numbers, so any clock will do. */
export type Clock = {
  now(): number;
  /** Only for a clock that can step: see `steadyClock`. */
  steps?: ClockSteps;
};

export type ClockSteps = {
  /** What the machine's clocks show, including steps. */
  reading(): ClockReading;
  /** A step that `now` does not include yet. */
  pending(): ClockStep | undefined;
  /** Includes the step in `now`, after stored times were moved. */
  settle(): void;
};

export const systemClock: Clock = { now: () => Date.now() };

export type MachineClocks = {
  wall(): number;
  /** Monotonic and cheap. May stop while the machine sleeps. */
  monotonic(): number;
  /** Milliseconds since boot, including sleep. */
  uptime(): number;
};

const machine: MachineClocks = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1000,
};

/**
 * The machine's clock. If the wall clock is set, `now` keeps its old course until `settle` says
 * that stored times have been moved, so no decision falls in between. Waking from sleep is not a
 * step: that time really passed.
 */
export function steadyClock(clocks: MachineClocks = machine): Clock & { steps: ClockSteps } {
  const reading = (): ClockReading => ({ at: clocks.wall(), uptime: clocks.uptime() });
  let last = reading();
  let drift = last.at - clocks.monotonic();
  /** How far the wall clock is ahead of `now`. */
  let ahead = 0;

  /** Follows small corrections at once. To tell sleep from a step it reads a slower clock. */
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

/** A clock that stands still until set, or runs on from there. */
export type VirtualClock = Clock & {
  set(at: number): void;
  /** From now on it runs in real time. */
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
