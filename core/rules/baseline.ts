import { formatDuration } from '../config/units.ts';
import type { Baseline, BaselineResult, Point } from './verdict.ts';

export type BaselineConfig = {
  fixed?: number | undefined;
  rolling?: { window: number; statistic: 'median' | 'mean'; minPoints: number } | undefined;
};

/** Spans of degradation, both ends included, milliseconds since the epoch. */
export type Span = { from: number; to: number };

/** Values of the window under the median; reused, for judging is synchronous and never re-entered. */
let scratch = new Float64Array(256);

/**
 * What normal is for a series. A rolling baseline is taken over the points with before - window <= at < before, outside
 * the excluded spans; `points` are finite, oldest first. Refused with the reason when there are too few of them, or when
 * nothing can be relative to it (zero). A frozen rolling baseline stands as it is; a fixed one always follows the config.
 */
export function baselineOf(
  config: BaselineConfig,
  points: readonly Point[],
  before: number,
  excluded: readonly Span[],
  frozen: Baseline | undefined,
): BaselineResult {
  if (config.fixed !== undefined) return usable({ kind: 'fixed', value: config.fixed });
  const { rolling } = config;
  if (rolling === undefined) return { ok: false, reason: 'baseline refused: the rule names neither a fixed nor a rolling one' };
  if (frozen?.kind === 'rolling') return usable(frozen);
  const { window, statistic, minPoints } = rolling;

  let end = points.length;
  while (end > 0 && (points[end - 1] as Point).at >= before) end -= 1;
  let start = end;
  while (start > 0 && (points[start - 1] as Point).at >= before - window) start -= 1;
  if (end - start > scratch.length) scratch = new Float64Array(2 * (end - start));
  let count = 0;
  let sum = 0;
  let left = 0;
  for (let i = start; i < end; i += 1) {
    const point = points[i] as Point;
    if (excluded.length > 0 && within(excluded, point.at)) {
      left += 1;
      continue;
    }
    scratch[count] = point.value;
    sum += point.value;
    count += 1;
  }
  if (count < minPoints) {
    const leftOut = left === 0 ? '' : ` (${left} more belong to earlier alerts)`;
    const reason = `baseline refused: ${count} point${count === 1 ? '' : 's'} in the ${formatDuration(window)} before${leftOut}, expected at least ${minPoints}`;
    return { ok: false, reason };
  }
  const value = statistic === 'mean' ? sum / count : medianOf(scratch.subarray(0, count));
  return usable({ kind: 'rolling', value, statistic, points: count, from: before - window, to: before });
}

function within(spans: readonly Span[], at: number): boolean {
  for (const span of spans) if (span.from <= at && at <= span.to) return true;
  return false;
}

function usable(baseline: Baseline): BaselineResult {
  if (Number.isFinite(baseline.value) && baseline.value !== 0) return { ok: true, baseline };
  return { ok: false, reason: `baseline refused: it is ${baseline.value}, and a degradation is relative to it` };
}

/** The middle value, or the mean of the two middle ones. Sorts `values` in place; NaN when empty. */
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
