import {
  addValue,
  countOf,
  type ExponentialHistogram,
  emptyHistogram,
  mergeHistograms,
} from '../../statistics/exponential-histogram.ts';
import type { spreadMetrics } from '../sources/kinds/predictions-query.ts';
import { firstScale } from './value-detail.ts';

/** What a prediction has one of. */
export type SpreadMetric = Exclude<(typeof spreadMetrics)[number], 'feature'>;
const ofPredictions: readonly SpreadMetric[] = ['score', 'prediction'];

/** How they are spread in a bucket; absent for what no rule asks for. */
export type PredictionSpreads = { [M in SpreadMetric]?: ExponentialHistogram } & {
  /** By feature, whose name may be anything. */
  features?: Record<string, ExponentialHistogram>;
};

/** The name under which a rule asks that a feature is kept. No metric is called so. */
export const keptAs = (feature: string): string => `feature ${feature}`;

/** Absent ones count as empty: which of them are whole is told by their counts. */
export function mergedSpreads(
  a: PredictionSpreads | undefined,
  b: PredictionSpreads | undefined,
): { spreads?: PredictionSpreads } {
  if (a === undefined || b === undefined) return a === undefined && b === undefined ? {} : { spreads: a ?? b ?? {} };
  const spreads: PredictionSpreads = {};
  for (const metric of ofPredictions) {
    const both = mergedSpread(a[metric], b[metric]);
    if (both !== undefined) spreads[metric] = both;
  }
  if (a.features !== undefined || b.features !== undefined) {
    // In a Map, because a feature may be called `constructor`.
    const features = new Map(Object.entries(a.features ?? {}));
    for (const [feature, spread] of Object.entries(b.features ?? {}))
      features.set(feature, mergedSpread(features.get(feature), spread) ?? spread);
    spreads.features = Object.fromEntries(features);
  }
  return { spreads };
}

const mergedSpread = (one: ExponentialHistogram | undefined, other: ExponentialHistogram | undefined) =>
  one === undefined || other === undefined ? (one ?? other) : mergeHistograms(one, other);

/** Adds a number to the spreads themselves. */
export function addSpread(spreads: PredictionSpreads, metric: SpreadMetric, value: number | undefined): void {
  if (value === undefined || !Number.isFinite(value)) return;
  const spread = spreads[metric] ?? emptyHistogram(firstScale);
  addValue(spread, value);
  spreads[metric] = spread;
}

/** The same for the value of a feature. */
export function addFeatureSpread(spreads: PredictionSpreads, feature: string, value: number): void {
  spreads.features ??= {};
  const spread = featureSpreadOf(spreads, feature) ?? emptyHistogram(firstScale);
  addValue(spread, value);
  spreads.features[feature] = spread;
}

/** How the values of a feature are spread, if all `count` of a bucket are in it. */
export function wholeFeatureSpread(
  spreads: PredictionSpreads | undefined,
  feature: string,
  count: number,
): ExponentialHistogram | undefined {
  const spread = featureSpreadOf(spreads, feature) ?? emptyHistogram(firstScale);
  return countOf(spread) === count ? spread : undefined;
}

const featureSpreadOf = (spreads: PredictionSpreads | undefined, feature: string): ExponentialHistogram | undefined =>
  spreads?.features !== undefined && Object.hasOwn(spreads.features, feature) ? spreads.features[feature] : undefined;

/** How they are spread, if all `count` of a bucket are in it. */
export function wholeSpread(
  spreads: PredictionSpreads | undefined,
  metric: SpreadMetric,
  count: number,
): ExponentialHistogram | undefined {
  const spread = spreads?.[metric] ?? emptyHistogram(firstScale);
  return countOf(spread) === count ? spread : undefined;
}
