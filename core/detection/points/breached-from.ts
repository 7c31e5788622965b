import { isRatio, wilsonInterval } from '../../statistics/wilson.ts';
import type { Point } from '../../telemetry/series.ts';
import type { JudgeContext } from '../context.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import { type Bounds, isPast } from './bands.ts';
import { lastUpTo } from './latest.ts';
import { isWhollyPast, type Measures } from './look.ts';
import type { Plan } from './point-kind.ts';
import { isReliable } from './points.ts';

/**
 * The time of the point a breach begins with: the first breaching one at index `first`, or earlier
 * ones in an unbroken run before it. Asked again while the alert fires, since such a point may
 * arrive late.
 */
export function breachedFrom(
  rule: PointsRule,
  plan: Plan,
  points: readonly Point[],
  found: { first: number; inBand: boolean },
  yardstick: Measures,
  { to, current, breachedFrom: known }: JudgeContext,
): number | undefined {
  const { first, inBand } = found;
  const place = known === undefined ? first : lastUpTo(points, known);
  let at = known ?? points[first]?.at;
  if (place < 0 || at === undefined || (current === undefined && !inBand)) return at;
  // A step without a point breaks the run; an unreliable point does not.
  // The baseline of an earlier point looks back further than what is read.
  const earliest = to - plan.lookback;
  for (let i = place - 1; i >= 0; i -= 1) {
    const point = points[i] as Point;
    if (point.at <= earliest || (points[i + 1] as Point).at - point.at > rule.step) break;
    if (!isReliable(point, rule.samples.minCount)) continue;
    const bounds = yardstick.of === undefined ? yardstick.bounds : yardstick.of(point);
    if (bounds === undefined || !breaches(point, bounds, plan.z)) break;
    at = point.at;
  }
  return at;
}

/** Whether a point enters a band, for a series in none. */
function breaches({ value, count }: Point, bounds: Bounds, z: number): boolean {
  const isSure = (bound: number): boolean => {
    if (!isPast(value, bound, bounds)) return false;
    return z === 0 || count === undefined || !isRatio(value) || isWhollyPast(wilsonInterval(value, count, z), bound, bounds);
  };
  return isSure(bounds.warn) || isSure(bounds.critical);
}
