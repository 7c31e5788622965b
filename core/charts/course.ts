import { type ChartPoint, sideOf } from './chart.ts';

type Valued = ChartPoint & { value: number };

/** Whether a metric gets worse, as far as its last judgements can tell. */
export type Course = { kind: 'worse' | 'better' | 'steady'; from: Valued; to: Valued };

/**
 * The last judgement is compared with the one that was this many before it: one step alone is
 * mostly chance.
 */
const stepsBack = 10;
/** Without an interval, a smaller change than this share says nothing. */
const leastChange = 0.02;

/**
 * Compares the last judgement with one a few steps before. It calls the difference one only where
 * that earlier value lies outside the interval of the last. Undefined where less than three
 * judgements have a value.
 */
export function courseOf(points: readonly ChartPoint[]): Course | undefined {
  const valued = points.filter((point): point is Valued => point.value !== undefined);
  const to = valued.at(-1);
  if (to === undefined || valued.length < 3 || points.at(-1) !== to) return undefined;
  const from = valued[Math.max(0, valued.length - 1 - stepsBack)] as Valued;
  const differs =
    to.interval === undefined
      ? Math.abs(to.value - from.value) > leastChange * Math.max(Math.abs(to.value), Math.abs(from.value))
      : from.value < to.interval.low || from.value > to.interval.high;
  const isLower = to.value < from.value;
  return { kind: !differs ? 'steady' : isLower === (sideOf(points) === 'below') ? 'worse' : 'better', from, to };
}
