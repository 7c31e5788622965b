/** Random choices that are the same for the same seed (mulberry32). */
export type Random = {
  /** From 0 to 1, without 1. */
  share(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  pick<T>(of: readonly T[]): T;
  chance(share: number): boolean;
};

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (from: number, to: number): number => from + Math.floor(share() * (to - from + 1));
  return { share, whole, pick: (of) => of[whole(0, of.length - 1)] as (typeof of)[number], chance: (p) => share() < p };
}
