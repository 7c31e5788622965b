import type { Point } from '../../telemetry/series.ts';
import type { Baseline } from '../verdict.ts';
import type { Bounds } from './bands.ts';

/**
 * What the judged points are measured against: bounds that hold for all of them, or `each` of its
 * own, in their order, and undefined where there is nothing to measure a point against. `bounds`
 * and `baseline` are those of the latest point.
 */
export type Yardstick =
  | {
      ok: true;
      bounds: Bounds;
      baseline: Baseline | undefined;
      each: readonly (Bounds | undefined)[] | undefined;
      /** Those of any other point, where each has its own. */
      of?: (point: Point) => Bounds | undefined;
    }
  | Refusal;

/** `isNormal`: it is the way of things, and no fault of the rule. */
export type Refusal = { ok: false; reason: string; isNormal?: true; byAlerts?: true };

export type Measured = { ok: true; bounds: Bounds; baseline: Baseline } | Refusal;

/**
 * Measures the points from `start` to before `end`, at least one, each by itself. The latest
 * decides whether there is anything to measure with; an earlier one that has nothing is left open.
 */
export function eachOf(points: readonly Point[], start: number, end: number, measure: (point: Point) => Measured): Yardstick {
  const latest = measure(points[end - 1] as Point);
  if (!latest.ok) return latest;
  const of = (point: Point): Bounds | undefined => {
    const one = measure(point);
    return one.ok ? one.bounds : undefined;
  };
  const each: (Bounds | undefined)[] = [];
  for (let i = start; i < end - 1; i += 1) each.push(of(points[i] as Point));
  each.push(latest.bounds);
  return { ok: true, bounds: latest.bounds, baseline: latest.baseline, each, of };
}
