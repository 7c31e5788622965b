import { shapeDistance } from './shape.ts';

/**
 * Detectors, each for one way a series can become unusual. The words describe the finding in the
 * reason.
 */
export const witnesses = ['jump', 'deviation', 'level', 'shift', 'swing', 'stillness', 'season', 'drift', 'shape'] as const;
export type Witness = (typeof witnesses)[number];

export const saw: Record<Witness, string> = {
  jump: 'a jump from one sample to the next',
  deviation: 'a value far from the recent level',
  level: 'the mean of the last 12 samples moved away from the recent level',
  shift: 'the mean of the last 30 samples moved away from the recent level',
  swing: 'the values swing more than they did',
  stillness: 'the values swing less than they did',
  season: 'a value far from what this time of the season brings',
  drift: 'several values in a row on one side of what the season brings',
  shape: 'the last 12 samples together are unlike any recent stretch',
};

/** Smaller relative differences are rounding. */
const rounding = 1e-9;

/** Oldest first, newest last; `level` and `expected` were computed before the newest value. */
export interface View {
  values: readonly number[];
  level: number;
  expected: number;
  drift: number;
}

/**
 * One measurement >= 0 per detector, in the unit of the series, except `stillness` (a log ratio).
 */
export function measure({ values, level, expected, drift }: View): Record<Witness, number> {
  const value = values[values.length - 1] as number;
  const before = values.length > 1 ? (values[values.length - 2] as number) : value;
  const floor = rounding * Math.max(Math.abs(value), Math.abs(level));
  const news = (difference: number): number => (Math.abs(difference) > floor ? Math.abs(difference) : 0);
  const swing = news(meanSwing(values, 20));
  const usualSwing = meanSwing(values, 300);
  return {
    jump: news(value - before),
    deviation: news(value - level),
    level: news(meanOf(values, 12) - level),
    shift: news(meanOf(values, 30) - level),
    swing,
    stillness: usualSwing > floor ? Math.max(0, Math.log(usualSwing / (swing + 0.01 * usualSwing))) : 0,
    season: news(value - expected),
    drift: news(drift),
    shape: news(shapeDistance(values)),
  };
}

function meanOf(values: readonly number[], count: number): number {
  const first = Math.max(0, values.length - count);
  let sum = 0;
  for (let i = first; i < values.length; i += 1) sum += values[i] as number;
  return sum / (values.length - first);
}

/** The mean absolute change between neighbours among the newest values. */
function meanSwing(values: readonly number[], count: number): number {
  const first = Math.max(1, values.length - count);
  let sum = 0;
  for (let i = first; i < values.length; i += 1) sum += Math.abs((values[i] as number) - (values[i - 1] as number));
  return values.length > first ? sum / (values.length - first) : 0;
}
