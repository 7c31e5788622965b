import type { Point } from '../../telemetry/series.ts';
import { offsetSpanAt, whenWallShows } from '../../vocabulary/wall-clock.ts';
import { lastUpTo } from '../points/latest.ts';
import { isReliable } from '../points/points.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import { medianOf, refusal, type Span, staleReason, usable, within } from './baseline.ts';
import type { BaselineOf } from './schema.ts';

type SeasonalConfig = Omit<BaselineOf<'seasonal'>, 'kind'>;

export const periodOf = (season: 'day' | 'week'): number => (season === 'week' ? 7 : 1) * 86_400_000;

/**
 * The baseline at the time of day or week of `at`: the median of points in the same slot of past
 * periods, and their spread. Excludes points at or after `before`, in excluded spans, and
 * unreliable ones. While an alert pins the baseline, nothing after the pin is learned, but each
 * hour still compares with its own past, counted back from the pin. An hour without a past then has
 * no baseline. If nothing from before the pin is stored any more, the pinned value stands in, so
 * that an alert can end. A baseline pinned by an ended alert is used the same way if there are too
 * few periods without it.
 */
export function seasonalBaseline(
  config: SeasonalConfig,
  points: readonly Point[],
  at: number,
  before: number,
  step: number,
  excluded: readonly Span[],
  frozen: Baseline | undefined,
  { minCount = 0, pinned }: Guard = noGuard,
): BaselineResult {
  const held = frozen?.kind === 'seasonal' ? frozen : undefined;
  const limit = held === undefined ? before : Math.min(before, held.to);
  const asked = { config, points, at, step, minCount };
  const own = overSeason(asked, limit, excluded, held !== undefined);
  // With enough points their value counts, even if nothing can be relative to it.
  if (own.enough) return usable(own.baseline);
  if (held !== undefined && !points.some((point) => point.at < held.to)) return usable(held);
  if (held === undefined && (own.byAlerts || !own.isStale) && pinned?.kind === 'seasonal' && pinned.to < before) {
    const earlier = overSeason(asked, pinned.to, excluded, true);
    if (earlier.enough) return usable(earlier.baseline);
  }
  return refusal(`baseline refused: ${own.reason}`, own.byAlerts);
}

/** Which points it learns from, and what stands in if there are too few. */
export type Guard = {
  /** Points with fewer samples are left out. */
  minCount?: number | undefined;
  /** The baseline of an alert that has ended. */
  pinned?: Baseline | undefined;
};

const noGuard: Guard = {};

type Asked = { config: SeasonalConfig; points: readonly Point[]; at: number; step: number; minCount: number };

type Found = { enough: true; baseline: Baseline } | { enough: false; reason: string; isStale: boolean; byAlerts: boolean };

/** `isFrozen` at `limit`: a pinned baseline is never stale. */
function overSeason(asked: Asked, limit: number, excluded: readonly Span[], isFrozen: boolean): Found {
  const { season, periods, minPeriods, maxAge } = asked.config;
  const found = sameTime(asked, limit, excluded, isFrozen);
  const isStale = !isFrozen && maxAge !== undefined && found.newest < limit - maxAge;
  if (found.periods >= minPeriods && !isStale) {
    const { value, spread } = medianAndSpread(new Float64Array(found.values));
    const { values, oldest } = found;
    const points = values.length;
    const baseline: Baseline = {
      kind: 'seasonal',
      value,
      season,
      spread,
      points,
      periods: found.periods,
      from: oldest,
      to: limit,
    };
    return { enough: true, baseline };
  }
  if (found.periods >= minPeriods && maxAge !== undefined) {
    const reason = staleReason(limit - found.newest, maxAge);
    return { enough: false, reason, isStale, byAlerts: found.newestLeft >= limit - maxAge };
  }
  const leftOut: string[] = [];
  if (found.left > 0) leftOut.push(`${found.left} more points belong to earlier alerts`);
  if (found.unreliable > 0) leftOut.push(`${found.unreliable} rest on too few samples or are refused estimates`);
  const left = leftOut.length === 0 ? '' : ` (${leftOut.join(', ')})`;
  const reason = `${found.periods} of the last ${periods} ${season}s have points at this time${left}, expected at least ${minPeriods}`;
  return { enough: false, reason, isStale: false, byAlerts: found.left > 0 };
}

type SameTime = {
  values: number[];
  periods: number;
  left: number;
  unreliable: number;
  oldest: number;
  newest: number;
  newestLeft: number;
};

function sameTime(
  { config, points, at, step, minCount }: Asked,
  before: number,
  excluded: readonly Span[],
  isFrozen: boolean,
): SameTime {
  const { season, periods, slot: wantedSlot, timezone } = config;
  const period = periodOf(season);
  const slot = Math.max(wantedSlot, step);
  // A point summarises the time before it, so one on a slot boundary belongs to the earlier slot,
  // and the clock that counts is the one just before it.
  const { offset } = offsetSpanAt(timezone, at - 1);
  const localEnd = Math.ceil((at + offset) / slot) * slot;
  // A later day compares like the first day after the pin: with the days before that.
  const since = isFrozen ? Math.floor((at - before) / period) + 1 : Math.ceil((localEnd - offset - slot - before) / period);
  const first = Math.max(1, since);
  const values: number[] = [];
  const isGuarded = excluded.length > 0 || minCount > 0;
  let found = 0;
  let left = 0;
  let unreliable = 0;
  let oldest = before;
  let newest = Number.NEGATIVE_INFINITY;
  let newestLeft = Number.NEGATIVE_INFINITY;
  for (let k = first; k < first + periods; k += 1) {
    const local = localEnd - k * period;
    const known = values.length;
    // Hours that clocks skip have no points; those that they show twice have all of both.
    for (const { from, to } of whenWallShows(timezone, local - slot, local)) {
      for (let i = lastUpTo(points, to); i >= 0; i -= 1) {
        const point = points[i] as Point;
        if (point.at <= from) break;
        if (point.at >= before) continue;
        if (isGuarded && within(excluded, point.at)) {
          left += 1;
          if (isReliable(point, minCount)) newestLeft = Math.max(newestLeft, point.at);
          continue;
        }
        if (point.refused !== undefined || (isGuarded && point.count !== undefined && point.count < minCount)) {
          unreliable += 1;
          continue;
        }
        values.push(point.value);
        oldest = Math.min(oldest, point.at);
        newest = Math.max(newest, point.at);
      }
    }
    if (values.length > known) found += 1;
  }
  return { values, periods: found, left, unreliable, oldest, newest, newestLeft };
}

/**
 * The median, and the median absolute deviation scaled to the standard deviation of normal values,
 * also for small samples. Source of the factors for fewer than ten values: C. Croux, P. J.
 * Rousseeuw, Time-efficient algorithms for two highly robust estimators of scale, COMPSTAT 1992,
 * table for the MAD; n / (n - 0.8) beyond. Overwrites `values`.
 */
export function medianAndSpread(values: Float64Array): { value: number; spread: number } {
  const value = medianOf(values);
  const count = values.length;
  for (let i = 0; i < count; i += 1) values[i] = Math.abs((values[i] as number) - value);
  const mad = medianOf(values);
  const forFew = smallSample[count] ?? count / (count - 0.8);
  return { value, spread: 1.482602218505602 * forFew * mad };
}

const smallSample: Record<number, number> = { 1: 1, 2: 1.196, 3: 1.495, 4: 1.363, 5: 1.206, 6: 1.2, 7: 1.14, 8: 1.129, 9: 1.107 };
