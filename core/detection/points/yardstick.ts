import type { Point } from '../../telemetry/series.ts';
import type { Baseline } from '../verdict.ts';
import type { Bounds } from './bands.ts';

/**
 * What the judged points are measured against: common bounds, or `each` with its own (in order;
 * undefined if it has no reference). `bounds` and `baseline` are those of the latest point.
 */
export type Yardstick =
  | {
      ok: true;
      bounds: Bounds;
      baseline: Baseline | undefined;
      each: readonly (Bounds | undefined)[] | undefined;
      /** Bounds for any other point, if each has its own. */
      of?: (point: Point) => Bounds | undefined;
    }
  | Refusal;

/** `isNormal`: expected, not a fault of the rule. */
export type Refusal = { ok: false; reason: string; isNormal?: true; byAlerts?: true };

export type Measured = { ok: true; bounds: Bounds; baseline: Baseline } | Refusal;

/**
 * Measures each point from `start` to before `end`, at least one. The latest decides whether there
 * is a reference; an earlier one without is left undefined.
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
