import type { Point } from '../../telemetry/series.ts';
import { lookbackOf } from '../baselines/lookback.ts';
import type { RuleCommon } from '../rules/rule-schema.ts';

/** The latest N judged points, from `start` to before `end`; `points` are clean. */
export function latestOf(points: readonly Point[], rule: RuleCommon, to: number): { start: number; end: number } {
  let end = points.length;
  while (end > 0 && (points[end - 1] as Point).at > to) end -= 1;
  const earliest = to - lookbackOf(rule);
  let start = end;
  while (start > 0 && end - start < rule.for.n && (points[start - 1] as Point).at > earliest) start -= 1;
  return { start, end };
}

/** The index of the last point with at <= end, or -1. */
export function lastUpTo(points: readonly Point[], end: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as Point).at <= end) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
