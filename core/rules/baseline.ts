import type { BaselineConfig } from '../config/baseline-schema.ts';
import { formatDuration } from '../config/units.ts';
import type { Baseline, BaselineResult, Point, Previous } from './verdict.ts';

/** Spans of degradation, both ends included, milliseconds since the epoch. */
export type Span = { from: number; to: number };

/** Values under a median; reused, for judging is synchronous and never re-entered. */
let scratch = new Float64Array(256);

type Window = {
  window: number;
  statistic: 'median' | 'mean';
  minPoints: number;
  maxAge?: number | undefined;
  /** Points that rest on fewer samples are left out. */
  minCount?: number;
};

/** How far back from the judged points a baseline may rest on points of the series itself, in milliseconds. */
export function baselineReach({ rolling, seasonal }: BaselineConfig): number {
  if (rolling !== undefined) return rolling.window;
  if (seasonal !== undefined) return seasonal.periods * periodOf(seasonal.season) + 2 * seasonal.slot;
  return 0;
}

export const periodOf = (season: 'day' | 'week'): number => (season === 'week' ? 7 : 1) * 86_400_000;

/**
 * What normal is for a series, where that is one value for all judged points: fixed or rolling. A rolling baseline is taken
 * over the points with before - window <= at < before, outside the excluded spans; `points` are finite, oldest first.
 * Refused with the reason when there are too few of them, when the newest is too old, or when nothing can be relative to
 * it (zero). A frozen rolling baseline stands as it is; a fixed one always follows the config.
 */
export function baselineOf(
  config: Pick<BaselineConfig, 'fixed' | 'rolling'>,
  points: readonly Point[],
  before: number,
  excluded: readonly Span[],
  frozen: Baseline | undefined,
): BaselineResult {
  if (config.fixed !== undefined) return usable({ kind: 'fixed', value: config.fixed });
  const { rolling } = config;
  if (rolling === undefined) return { ok: false, reason: 'baseline refused: the rule names none' };
  if (frozen?.kind === 'rolling') return usable(frozen);
  const found = overWindow(rolling, points, before, before, excluded);
  if (!found.ok) return { ok: false, reason: `baseline refused: ${found.reason}` };
  const { value, count } = found;
  const { window, statistic } = rolling;
  return usable({ kind: 'rolling', value, statistic, points: count, from: before - window, to: before });
}

/**
 * What the version before this one was like in the window before this one was first seen. Later points of the old version
 * do not move it, so it stands still while two versions serve side by side. `excluded` are spans of the old version's own
 * alerts.
 */
export function versionBaseline(
  config: Window,
  previous: Previous | undefined,
  now: number,
  excluded: readonly Span[],
  frozen: Baseline | undefined,
): BaselineResult {
  if (frozen?.kind === 'version') return usable(frozen);
  if (previous === undefined) return { ok: false, reason: 'baseline refused: the series belongs to no version' };
  if (!previous.ok) return { ...previous, reason: `baseline refused: ${previous.reason}` };
  const { version, since, points } = previous;
  // A point summarises what lies before it, so one at `since` is still wholly of the time before.
  const found = overWindow(config, points, since + 1, now, excluded);
  if (!found.ok) return { ok: false, reason: `baseline refused: version ${version} before this one: ${found.reason}` };
  const { value, count } = found;
  const { window, statistic } = config;
  return usable({ kind: 'version', value, version, statistic, points: count, from: since - window, to: since });
}

type Found = { ok: true; value: number; count: number } | { ok: false; reason: string };

function overWindow(config: Window, points: readonly Point[], before: number, now: number, excluded: readonly Span[]): Found {
  const { window, statistic, minPoints, maxAge, minCount = 0 } = config;
  let end = points.length;
  while (end > 0 && (points[end - 1] as Point).at >= before) end -= 1;
  let start = end;
  while (start > 0 && (points[start - 1] as Point).at >= before - window) start -= 1;
  if (end - start > scratch.length) scratch = new Float64Array(2 * (end - start));
  let count = 0;
  let sum = 0;
  let left = 0;
  let small = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i += 1) {
    const point = points[i] as Point;
    if (excluded.length > 0 && within(excluded, point.at)) {
      left += 1;
      continue;
    }
    if (minCount > 0 && point.count !== undefined && point.count < minCount) {
      small += 1;
      continue;
    }
    scratch[count] = point.value;
    sum += point.value;
    count += 1;
    newest = point.at;
  }
  if (count < minPoints) {
    const leftOut: string[] = [];
    if (left > 0) leftOut.push(`${left} more belong to earlier alerts`);
    if (small > 0) leftOut.push(`${small} more rest on fewer than ${minCount} samples`);
    const more = leftOut.length === 0 ? '' : ` (${leftOut.join(', ')})`;
    const reason = `${count} point${count === 1 ? '' : 's'} in the ${formatDuration(window)} before${more}, expected at least ${minPoints}`;
    return { ok: false, reason };
  }
  if (maxAge !== undefined && newest < now - maxAge) return { ok: false, reason: staleReason(now - newest, maxAge) };
  return { ok: true, value: statistic === 'mean' ? sum / count : medianOf(scratch.subarray(0, count)), count };
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
