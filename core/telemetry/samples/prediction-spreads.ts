import {
  addValue,
  countOf,
  type ExponentialHistogram,
  emptyHistogram,
  mergeHistograms,
} from '../../statistics/exponential-histogram.ts';
import { spreadMetrics } from '../sources/kinds/predictions-query.ts';
import { firstScale } from './value-detail.ts';

export type SpreadMetric = (typeof spreadMetrics)[number];

/** How they are spread in a bucket; absent for what no rule asks for. */
export type PredictionSpreads = { [M in SpreadMetric]?: ExponentialHistogram };

/** Absent ones count as empty: which of them are whole is told by their counts. */
export function mergedSpreads(
  a: PredictionSpreads | undefined,
  b: PredictionSpreads | undefined,
): { spreads?: PredictionSpreads } {
  if (a === undefined || b === undefined) return a === undefined && b === undefined ? {} : { spreads: a ?? b ?? {} };
  const spreads: PredictionSpreads = {};
  for (const metric of spreadMetrics) {
    const [one, other] = [a[metric], b[metric]];
    const both = one === undefined || other === undefined ? (one ?? other) : mergeHistograms(one, other);
    if (both !== undefined) spreads[metric] = both;
  }
  return { spreads };
}

/** Adds a number to the spreads themselves. */
export function addSpread(spreads: PredictionSpreads, metric: SpreadMetric, value: number | undefined): void {
  if (value === undefined || !Number.isFinite(value)) return;
  const spread = spreads[metric] ?? emptyHistogram(firstScale);
  addValue(spread, value);
  spreads[metric] = spread;
}

/** How they are spread, if all `count` of a bucket are in it. */
export function wholeSpread(
  spreads: PredictionSpreads | undefined,
  metric: SpreadMetric,
  count: number,
): ExponentialHistogram | undefined {
  const spread = spreads?.[metric] ?? emptyHistogram(firstScale);
  return countOf(spread) === count ? spread : undefined;
}
