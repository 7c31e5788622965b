import { type FeatureValue, profileOf } from '../profiles/profile.ts';
import { declarationOf } from '../sources/kinds/feature-declaration.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { FoldBatch } from './fold.ts';
import type { PredictionRecord } from './records.ts';
import { type SeriesRef, seriesRef } from './summary.ts';

/** The metric name that profiles are stored under. Segments have their own. */
export const profileMetric = 'profile';
export const profilesMetric = (segment: string | undefined): string =>
  segment === undefined ? profileMetric : `profile by ${segment}`;

/**
 * Features per stored series of profiles: 8 of at most 45 kB stay below DynamoDB's 400 kB item
 * limit, and 500 features below its 100 actions.
 */
const featuresAPart = 8;

/** Features every record should carry. */
export function expectedFeatures({ features = [], schema = {} }: PredictionsSourceConfig): string[] {
  const declared = Object.entries(schema).flatMap(([feature, { optional }]) => (optional ? [] : [feature]));
  return [...new Set([...features, ...declared])];
}

/** Features with profiles, as in the config. */
export function profiledFeatures({ profiles, features = [], schema = {} }: PredictionsSourceConfig): string[] {
  if (profiles === false) return [];
  return profiles === true ? [...new Set([...features, ...Object.keys(schema)])] : [...new Set(profiles)];
}

/**
 * The profiled features in groups that are stored together. Sorted, so that config order does not
 * matter.
 */
export function profileParts(source: PredictionsSourceConfig): string[][] {
  const features = profiledFeatures(source).sort();
  return Array.from({ length: Math.ceil(features.length / featuresAPart) }, (_, part) =>
    features.slice(part * featuresAPart, (part + 1) * featuresAPart),
  );
}

type Growing = { series: SeriesRef; start: number; count: number; values: Map<string, FeatureValue[]> };

/** Collects what one batch adds to profiles; undefined if the source keeps none. */
export function profileSums(source: PredictionsSourceConfig) {
  const parts = profileParts(source);
  if (parts.length === 0) return undefined;
  const { profileBucket, retain } = source;
  const growing = new Map<string, Growing>();
  const refs = new Map<string, SeriesRef[]>();
  const refsOf = (series: SeriesRef, segment: string | undefined): SeriesRef[] => {
    let known = refs.get(series.key);
    if (known === undefined) {
      known = parts.map((_, part) => seriesRef(series.source, profilesMetric(segment), { ...series.labels, part: String(part) }));
      refs.set(series.key, known);
    }
    return known;
  };
  return {
    /** Adds a prediction, under the series that it counts in. */
    add(predictions: SeriesRef, segment: string | undefined, { timestamp, features = {} }: PredictionRecord): void {
      const start = Math.floor(timestamp / profileBucket) * profileBucket;
      for (const [part, series] of refsOf(predictions, segment).entries()) {
        const key = `${start}|${series.key}`;
        let one = growing.get(key);
        if (one === undefined) {
          one = { series, start, count: 0, values: new Map((parts[part] ?? []).map((feature) => [feature, []])) };
          growing.set(key, one);
        }
        one.count += 1;
        for (const [feature, values] of one.values) values.push(Object.hasOwn(features, feature) ? features[feature] : null);
      }
    },
    deltas: (): FoldBatch['deltas'] =>
      [...growing.values()].map(({ series, start, count, values }) => ({
        series,
        bucketStart: start,
        summary: {
          kind: 'profile',
          count,
          features: Object.fromEntries(
            [...values].map(([feature, all]) => [feature, profileOf(all, declarationOf(feature, source))]),
          ),
        },
        expiresAt: start + profileBucket + retain,
      })),
  };
}
