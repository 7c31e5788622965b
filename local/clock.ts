/** Where the time comes from. Decisions only ever see numbers, so the clock can be any. */
export type Clock = { now(): number };

export const systemClock: Clock = { now: () => Date.now() };

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
