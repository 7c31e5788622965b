import { countsBeside, quantileOf, relativeError } from '../../statistics/exponential-histogram.ts';
import type { OtlpQuery, OtlpStatistic } from '../sources/kinds/otlp-query.ts';
import { isPercentile, percentileNames, percentiles, type Share } from '../sources/statistics.ts';
import type { Content, ExponentialContent, Form, HistogramContent } from './content.ts';

/**
 * A value and how many measurements are behind it; `errorBound`: the exact one is at most this far
 * away.
 */
export type Statistic = { value: number; count?: number; errorBound?: number } | { missing: string };

const ofHistograms: readonly OtlpStatistic[] = ['mean', 'sum', 'rate', 'count', 'min', 'max', 'share', ...percentileNames];
/** What each form can be asked. */
export const statisticsOf: Record<Form, readonly OtlpStatistic[]> = {
  gauge: ['mean', 'sum', 'count', 'min', 'max', 'last'],
  counter: ['sum', 'rate'],
  histogram: ofHistograms,
  exponential: ofHistograms,
};

/** A statistic that `statisticsOf` the form lists, of what came within `seconds`. */
export function statisticOf(
  content: Content,
  { statistic, share }: Pick<OtlpQuery, 'statistic' | 'share'>,
  seconds: number,
): Statistic {
  if (content.form === 'counter') return { value: statistic === 'rate' ? content.increase / seconds : content.increase };
  const { count } = content;
  if (statistic === 'count') return { value: count, count };
  if (content.form === 'gauge') {
    const value = statistic === 'mean' ? content.sum / count : content[statistic as 'sum' | 'min' | 'max' | 'last'];
    return { value, count };
  }
  if (statistic === 'rate') return { value: count / seconds, count };
  if (statistic === 'sum') return content.sum === undefined ? noSum : { value: content.sum, count };
  if (count === 0) return { missing: 'nothing was measured' };
  if (statistic === 'mean') return content.sum === undefined ? noSum : { value: content.sum / count, count };
  if (statistic === 'min' || statistic === 'max') {
    const value = content[statistic];
    return value === undefined ? { missing: `the sender says no ${statistic}: only deltas have one` } : { value, count };
  }
  if (isPercentile(statistic)) {
    const q = percentiles[statistic];
    return content.form === 'histogram' ? explicitQuantile(content, q) : exponentialQuantile(content, q);
  }
  if (share === undefined) return { missing: `a ${content.form} has no ${statistic}` };
  return content.form === 'histogram' ? explicitShare(content, share) : exponentialShare(content, share);
}

const noSum = { missing: 'the sender says no sum' };

function exponentialQuantile({ count, histogram }: ExponentialContent, share: number): Statistic {
  const value = quantileOf(histogram, share) ?? 0;
  const relative = relativeError(histogram.scale);
  // It is a share of the exact value, which may be the larger one.
  const errorBound = Math.max((Math.abs(value) * relative) / (1 - relative), histogram.zeroThreshold);
  return Number.isFinite(errorBound) ? { value, count, errorBound } : { value, count };
}

/**
 * The value that a share of the measurements does not exceed, as if they lay evenly between the
 * bounds of a bucket; it is off by at most the way to the further one. Above the last bound only
 * that is known, unless the sender says its largest.
 */
function explicitQuantile({ count, sum, min, max, bounds, counts }: HistogramContent, share: number): Statistic {
  if (bounds.length === 0) return noBuckets;
  const rank = Math.max(1, Math.ceil(share * count));
  let before = 0;
  let place = 0;
  while (place < bounds.length && before + (counts[place] as number) < rank) {
    before += counts[place] as number;
    place += 1;
  }
  const { low, high } = endsOf({ sum, min, max, bounds }, place);
  if (low === undefined) return { value: high as number, count };
  if (high === undefined) return { value: low, count };
  const value = low + ((high - low) * (rank - before)) / (counts[place] as number);
  return { value, count, errorBound: Math.max(value - low, high - value) };
}

const noBuckets = { missing: 'it has no buckets that all senders share, and this statistic needs them' };

type Ends = Pick<HistogramContent, 'sum' | 'min' | 'max' | 'bounds'>;

/** Where a bucket begins and ends, as far as it is known. */
function endsOf({ sum, min, max, bounds }: Ends, place: number): { low: number | undefined; high: number | undefined } {
  const first = bounds[0] as number;
  // Only where there are no negative measurements has a sender to give their sum.
  const least = min ?? (first > 0 && sum !== undefined ? 0 : undefined);
  return {
    low: place === 0 ? least : Math.max(bounds[place - 1] as number, min ?? Number.NEGATIVE_INFINITY),
    high: place === bounds.length ? max : Math.min(bounds[place] as number, max ?? Number.POSITIVE_INFINITY),
  };
}

function exponentialShare({ count, histogram }: ExponentialContent, { above, below }: Share): Statistic {
  const sides = countsBeside(histogram, above ?? below ?? 0);
  const value = (above === undefined ? sides.below : sides.above) / count;
  // Those in the bound's own bucket are on neither side.
  return { value, count, errorBound: Math.max(0, count - sides.above - sides.below) / count };
}

/**
 * Exact where a bound of the histogram is asked; what is equal to it counts as below. Within a
 * bucket as if all lay evenly in it, and off by at most what is in it.
 */
function explicitShare({ count, sum, min, max, bounds, counts }: HistogramContent, { above, below }: Share): Statistic {
  if (bounds.length === 0) return noBuckets;
  const bound = above ?? below ?? 0;
  let place = 0;
  let under = 0;
  while (place < bounds.length && (bounds[place] as number) <= bound) {
    under += counts[place] as number;
    place += 1;
  }
  const own = counts[place] as number;
  let inside = 0;
  let errorBound = 0;
  if (own > 0 && !(place > 0 && bounds[place - 1] === bound)) {
    const { low, high } = endsOf({ sum, min, max, bounds }, place);
    if (low === undefined || high === undefined) return { missing: `${bound} is beyond the bounds of its buckets` };
    const part = high === low ? Number(bound >= high) : Math.min(1, Math.max(0, (bound - low) / (high - low)));
    inside = own * part;
    errorBound = part === 0 || part === 1 ? 0 : Math.max(inside, own - inside) / count;
  }
  const value = (under + inside) / count;
  const asked = above === undefined ? value : 1 - value;
  return errorBound === 0 ? { value: asked, count } : { value: asked, count, errorBound };
}
