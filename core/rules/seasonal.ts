import { Temporal } from 'temporal-polyfill';
import type { BaselineConfig } from '../config/baseline-schema.ts';
import { medianOf, periodOf, type Span, staleReason, usable, within } from './baseline.ts';
import type { Baseline, BaselineResult, Point } from './verdict.ts';

export type SeasonalConfig = NonNullable<BaselineConfig['seasonal']>;

/**
 * What normal is at the time of day or week of `at`: the median of the points in the same slot of the last periods, and
 * their spread. Points at or after `before` and those in excluded spans are left out. While an alert holds the baseline
 * frozen, nothing that came after the freeze is learned, but each hour is still compared with its own: the periods are then
 * counted back from the freeze, and where the points of that time are no longer kept, the frozen value stands in.
 */
export function seasonalBaseline(
  config: SeasonalConfig,
  points: readonly Point[],
  at: number,
  before: number,
  step: number,
  excluded: readonly Span[],
  frozen: Baseline | undefined,
): BaselineResult {
  const held = frozen?.kind === 'seasonal' ? frozen : undefined;
  const limit = held === undefined ? before : Math.min(before, held.to);
  const found = sameTime(config, points, at, limit, step, excluded);
  const { season, minPeriods, maxAge } = config;
  if (found.periods < minPeriods) {
    if (held !== undefined) return usable(held);
    const left = found.left === 0 ? '' : ` (${found.left} more points belong to earlier alerts)`;
    const reason = `baseline refused: ${found.periods} of the last ${config.periods} ${season}s have points at this time${left}, expected at least ${minPeriods}`;
    return { ok: false, reason };
  }
  if (maxAge !== undefined && held === undefined && found.newest < before - maxAge) {
    return { ok: false, reason: `baseline refused: ${staleReason(before - found.newest, maxAge)}` };
  }
  const { values, periods, oldest } = found;
  const { value, spread } = medianAndSpread(Float64Array.from(values));
  return usable({ kind: 'seasonal', value, season, spread, points: values.length, periods, from: oldest, to: limit });
}

type SameTime = { values: number[]; periods: number; left: number; oldest: number; newest: number };

function sameTime(
  { season, periods, slot: wantedSlot, timezone }: SeasonalConfig,
  points: readonly Point[],
  at: number,
  before: number,
  step: number,
  excluded: readonly Span[],
): SameTime {
  const period = periodOf(season);
  const slot = Math.max(wantedSlot, step);
  const offset = offsetAt(timezone, at);
  // A point summarises what lies before it, so one on the edge of two slots belongs to the earlier one.
  const localEnd = Math.ceil((at + offset) / slot) * slot;
  const found: SameTime = { values: [], periods: 0, left: 0, oldest: before, newest: Number.NEGATIVE_INFINITY };
  const first = Math.max(1, Math.ceil((localEnd - offset - slot - before) / period));
  for (let k = first; k < first + periods; k += 1) {
    const local = localEnd - k * period;
    const end = local - offsetAt(timezone, local - offset);
    let any = false;
    for (let i = lastUpTo(points, end); i >= 0; i -= 1) {
      const point = points[i] as Point;
      if (point.at <= end - slot) break;
      if (point.at >= before) continue;
      if (excluded.length > 0 && within(excluded, point.at)) {
        found.left += 1;
        continue;
      }
      found.values.push(point.value);
      found.oldest = Math.min(found.oldest, point.at);
      found.newest = Math.max(found.newest, point.at);
      any = true;
    }
    if (any) found.periods += 1;
  }
  return found;
}

/** The place of the last point with at <= end, or -1. */
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

/**
 * The median, and the median absolute deviation scaled to be a standard deviation for normal values, also for few of them.
 * Source of the factors for fewer than ten values: C. Croux, P. J. Rousseeuw, Time-efficient algorithms for two highly
 * robust estimators of scale, COMPSTAT 1992, table for the MAD; n / (n - 0.8) beyond.
 */
export function medianAndSpread(values: Float64Array): { value: number; spread: number } {
  const value = medianOf(values);
  const count = values.length;
  const mad = medianOf(values.map((one) => Math.abs(one - value)));
  const forFew = smallSample[count] ?? count / (count - 0.8);
  return { value, spread: 1.482602218505602 * forFew * mad };
}

const smallSample: Record<number, number> = { 1: 1, 2: 1.196, 3: 1.495, 4: 1.363, 5: 1.206, 6: 1.2, 7: 1.14, 8: 1.129, 9: 1.107 };

/** Offsets by zone and quarter of an hour, in which no zone changes its offset; bounded, for time goes on. */
const offsets = new Map<string, number>();
const quarter = 900_000;

function offsetAt(zone: string, at: number): number {
  if (zone === 'UTC') return 0;
  const key = `${zone} ${Math.floor(at / quarter)}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
    if (offsets.size > 10_000) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}
