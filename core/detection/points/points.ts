import type { Point } from '../../telemetry/series.ts';

/**
 * Points that can be judged: finite, oldest first, one a time, where the last one given of a time
 * wins. What is in order already, as it nearly always is, is returned as it came.
 */
export function cleanPoints(points: readonly Point[]): readonly Point[] {
  let before = Number.NEGATIVE_INFINITY;
  for (const { at, value, count } of points) {
    // NaN fails both comparisons; infinities fail the difference with themselves.
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
    // A count that is no number says nothing about how much the value rests on.
    byTime.set(point.at, point.count === undefined || isCount(point.count) ? point : { ...point, count: 0 });
  }
  return [...byTime.values()].sort((a, b) => a.at - b.at);
}

/**
 * Whether a point says anything: it rests on samples enough, and is no estimate that is refused.
 */
export const isReliable = ({ count, refused }: Point, minCount: number): boolean =>
  refused === undefined && (count === undefined || count >= minCount);
