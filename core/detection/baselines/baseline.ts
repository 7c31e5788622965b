import type { Point } from '../../telemetry/series.ts';
import { counted } from '../../vocabulary/counted.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { isReliable } from '../points/points.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';

/** Spans of degradation, both ends included, by point times in milliseconds since the epoch. */
export type Span = { from: number; to: number };

/** Buffer for medians, reused: judging is synchronous and not re-entrant. */
let scratch = new Float64Array(256);

export type Window = {
  window: number;
  statistic: 'median' | 'mean';
  minPoints: number;
  maxAge?: number | undefined;
};

export const refusal = (reason: string, byAlerts: boolean): Extract<BaselineResult, { ok: false }> =>
  byAlerts ? { ok: false, reason, byAlerts } : { ok: false, reason };

/** `byAlerts`: refused because alerts' points were excluded. */
type Found = { ok: true; value: number; count: number } | { ok: false; reason: string; isStale: boolean; byAlerts: boolean };

/**
 * The baseline over points with before - window <= at < before, outside the excluded spans; refused
 * if that is too little.
 */
export function overWindow(
  config: Window,
  points: readonly Point[],
  before: number,
  now: number,
  excluded: readonly Span[],
  minCount = 0,
): Found {
  const { window, statistic, minPoints, maxAge } = config;
  let end = points.length;
  while (end > 0 && (points[end - 1] as Point).at >= before) end -= 1;
  let start = end;
  while (start > 0 && (points[start - 1] as Point).at >= before - window) start -= 1;
  if (end - start > scratch.length) scratch = new Float64Array(2 * (end - start));
  const isGuarded = excluded.length > 0 || minCount > 0;
  let count = 0;
  let sum = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i += 1) {
    const point = points[i] as Point;
    if (point.refused !== undefined || (isGuarded && isLeftOut(point, excluded, minCount))) continue;
    scratch[count] = point.value;
    sum += point.value;
    count += 1;
    newest = point.at;
  }
  const isStale = maxAge !== undefined && newest < now - maxAge;
  if (count < minPoints || isStale) return lacking(config, points.slice(start, end), { count, newest, now }, excluded, minCount);
  return { ok: true, value: statistic === 'mean' ? sum / count : medianOf(scratch.subarray(0, count)), count };
}

const isLeftOut = ({ at, count }: Point, excluded: readonly Span[], minCount: number): boolean =>
  (count !== undefined && count < minCount) || within(excluded, at);

/** Why the remaining points of a window are not enough for a baseline. */
function lacking(
  { window, minPoints, maxAge }: Window,
  points: readonly Point[],
  { count, newest, now }: { count: number; newest: number; now: number },
  excluded: readonly Span[],
  minCount: number,
): Found {
  const ofAlerts = points.filter(({ at }) => within(excluded, at));
  if (count >= minPoints && maxAge !== undefined) {
    const newestLeft = ofAlerts.findLast((point) => isReliable(point, minCount))?.at ?? Number.NEGATIVE_INFINITY;
    return { ok: false, reason: staleReason(now - newest, maxAge), isStale: true, byAlerts: newestLeft >= now - maxAge };
  }
  const others = points.filter(({ at }) => !within(excluded, at));
  const small = others.filter((point) => point.count !== undefined && point.count < minCount).length;
  const refused = others.length - small - count;
  const leftOut: string[] = [];
  if (ofAlerts.length > 0) leftOut.push(`${ofAlerts.length} more belong to earlier alerts`);
  if (small > 0) leftOut.push(`${small} more rest on fewer than ${minCount} samples`);
  if (refused > 0) leftOut.push(`${refused} more are refused estimates`);
  const more = leftOut.length === 0 ? '' : ` (${leftOut.join(', ')})`;
  const reason = `${counted(count, 'point')} in the ${formatDuration(window)} before${more}, expected at least ${minPoints}`;
  return { ok: false, reason, isStale: false, byAlerts: ofAlerts.length > 0 };
}

export const staleReason = (age: number, maxAge: number): string =>
  `its newest point is ${formatDuration(age)} old, more than maxAge ${formatDuration(maxAge)}`;

export function within(spans: readonly Span[], at: number): boolean {
  for (const span of spans) if (span.from <= at && at <= span.to) return true;
  return false;
}

export function usable(baseline: Baseline): BaselineResult {
  if (Number.isFinite(baseline.value) && baseline.value !== 0) return { ok: true, baseline };
  return { ok: false, reason: `baseline refused: it is ${baseline.value}, and a degradation is relative to it` };
}

/**
 * The median; for an even count the mean of the middle two. Sorts `values` in place; NaN when
 * empty.
 */
export function medianOf(values: Float64Array): number {
  const { length } = values;
  if (length === 0) return Number.NaN;
  values.sort();
  const upper = values[length >> 1] as number;
  if (length % 2 === 1) return upper;
  const lower = values[(length >> 1) - 1] as number;
  // Halves first, so that two huge values do not overflow.
  return lower / 2 + upper / 2;
}
