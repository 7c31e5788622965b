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
 * The time of the point that the breach begins with, or would begin with: of the first breaching
 * one looked at, at the place `first`, or of those that led up to it and that nobody looked at. Of
 * an alert that fires it is asked again, for such a point may come late.
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
  // A step without a point is a break, a point that is not reliable is none.
  const earliest = to - plan.history;
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

/** Whether a point enters a band, of a series that is in none. */
function breaches({ value, count }: Point, bounds: Bounds, z: number): boolean {
  const isSure = (bound: number): boolean => {
    if (!isPast(value, bound, bounds)) return false;
    return z === 0 || count === undefined || !isRatio(value) || isWhollyPast(wilsonInterval(value, count, z), bound, bounds);
  };
  return isSure(bounds.warn) || isSure(bounds.critical);
}
