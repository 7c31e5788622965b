import {
  countsBeside,
  type ExponentialHistogram,
  mergeHistograms,
  quantileOf,
  relativeError,
} from '../../statistics/exponential-histogram.ts';
import type { Point } from '../series.ts';
import { type Percentile, percentiles, type Share } from '../sources/statistics.ts';
import { add, movingFold } from './moving-fold.ts';
import { movingMerge } from './moving-merge.ts';
import { type SpreadMetric, wholeFeatureSpread, wholeSpread } from './prediction-spreads.ts';
import type { Bucket, PredictionSummary, Summary, ValueSummary } from './summary.ts';
import { spreadOf } from './value-detail.ts';
import { eachSpan, type Spans } from './windows.ts';

const notKept =
  'not judged: some samples of this span came before a rule asked for how they are spread; it is known once they are out of it';

/**
 * A percentile of the samples of each span: the smallest value that so many of them do not exceed.
 * It is off by at most `errorBound`.
 */
export function percentilePoints(buckets: readonly Bucket[], percentile: Percentile, spans: Spans): Point[] {
  const summary = (i: number) => (buckets[i] as Bucket).summary as ValueSummary;
  const least = movingFold(buckets.length, (i) => summary(i).min, Math.min);
  const most = movingFold(buckets.length, (i) => summary(i).max, Math.max);
  return spreadPoints(buckets, ofValues, spans, (spread, lo, hi) => {
    const found = quantileOf(spread, percentiles[percentile]) ?? 0;
    return withBound(Math.min(most(lo, hi), Math.max(least(lo, hi), found)), spread);
  });
}

/** The same, or a share beyond a bound, of the scores or the predicted numbers of predictions. */
export function predictionSpreadPoints(buckets: readonly Bucket[], metric: SpreadMetric, asked: Asked, spans: Spans): Point[] {
  const spreadIn = (summary: Summary): Held => {
    const { count, scored, spreads } = summary as PredictionSummary;
    const own = metric === 'score' ? scored : count;
    return { count: own, spread: wholeSpread(spreads, metric, own) };
  };
  return askedPoints(buckets, spreadIn, asked, spans);
}

/** The same of the values of a feature that is declared as a number: those that are one. */
export function featureSpreadPoints(buckets: readonly Bucket[], feature: string, asked: Asked, spans: Spans): Point[] {
  const spreadIn = (summary: Summary): Held => {
    const { features, spreads } = summary as PredictionSummary;
    const counts = Object.hasOwn(features, feature) ? features[feature] : undefined;
    const count = counts === undefined ? 0 : counts.seen - counts.nulls - (counts.mistyped ?? 0);
    return { count, spread: wholeFeatureSpread(spreads, feature, count) };
  };
  return askedPoints(buckets, spreadIn, asked, spans);
}

type Asked = { statistic?: Percentile | undefined; share?: Share | undefined };

const askedPoints = (
  buckets: readonly Bucket[],
  spreadIn: (summary: Summary) => Held,
  { statistic, share }: Asked,
  spans: Spans,
): Point[] =>
  spreadPoints(buckets, spreadIn, spans, (spread, _lo, _hi, count) =>
    share === undefined
      ? withBound(quantileOf(spread, percentiles[statistic ?? 'p50']) ?? 0, spread)
      : { value: beyond(spread, share) / count },
  );

const withBound = (value: number, spread: ExponentialHistogram) => ({
  value,
  errorBound: relativeError(spread.scale) * Math.abs(value),
});

function beyond(spread: ExponentialHistogram, { above, below }: Share): number {
  const beside = countsBeside(spread, above ?? below ?? 0);
  return above === undefined ? beside.below : beside.above;
}

/** The share of the samples of each span that are beyond a bound, as a proportion of `count`. */
export const beyondPoints = (buckets: readonly Bucket[], share: Share, spans: Spans): Point[] =>
  spreadPoints(buckets, ofValues, spans, (spread, _lo, _hi, count) => ({ value: beyond(spread, share) / count }));

/** How many numbers a bucket holds, and how they are spread, if that is known. */
type Held = { count: number; spread: ExponentialHistogram | undefined };

const ofValues = (summary: Summary): Held => ({
  count: summary.count,
  spread: spreadOf(summary as ValueSummary),
});

function spreadPoints(
  buckets: readonly Bucket[],
  spreadIn: (summary: Summary) => Held,
  spans: Spans,
  measure: (spread: ExponentialHistogram, lo: number, hi: number, count: number) => { value: number; errorBound?: number },
): Point[] {
  const held = buckets.map(({ summary }) => spreadIn(summary));
  const counts = movingFold(held.length, (i) => (held[i] as Held).count, add);
  const unknown = movingFold(held.length, (i) => (held[i]?.spread === undefined ? 1 : 0), add);
  const merged = movingMerge((i) => held[i]?.spread, mergeHistograms);
  const points: Point[] = [];
  eachSpan(buckets, spans, (at, lo, hi) => {
    if (lo === hi) return;
    const count = counts(lo, hi);
    const isKnown = unknown(lo, hi) === 0;
    const spread = merged(lo, hi);
    if (count === 0) return;
    const found = spread === undefined ? undefined : measure(spread, lo, hi, count);
    if (isKnown && found !== undefined) points.push({ at, ...found, count });
    else points.push({ at, value: 0, count, refused: notKept });
  });
  return points;
}
