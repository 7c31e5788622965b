import type { Point } from '../../telemetry/series.ts';

/**
 * Points that can be judged: finite, oldest first, one per time (the last one wins). Input already
 * in order, the usual case, is returned as is.
 */
export function cleanPoints(points: readonly Point[]): readonly Point[] {
  let before = Number.NEGATIVE_INFINITY;
  for (const { at, value, count } of points) {
    // NaN fails both comparisons; for infinities the difference is NaN.
    if (!(at > before && value - value === 0 && (count === undefined || isCount(count)))) return sorted(points);
    before = at;
  }
  return before === Number.POSITIVE_INFINITY ? sorted(points) : points;
}

const isCount = (count: number): boolean => count >= 0 && count <= Number.MAX_SAFE_INTEGER;

function sorted(points: readonly Point[]): Point[] {
  const byTime = new Map<number, Point>();
  for (const point of points) {
    if (!Number.isFinite(point.at) || !Number.isFinite(point.value)) continue;
    // A count that is not a number says nothing about the evidence.
    byTime.set(point.at, point.count === undefined || isCount(point.count) ? point : { ...point, count: 0 });
  }
  return [...byTime.values()].sort((a, b) => a.at - b.at);
}

/** Whether a point is usable: enough samples, and not a refused estimate. */
export const isReliable = ({ count, refused }: Point, minCount: number): boolean =>
  refused === undefined && (count === undefined || count >= minCount);
