import { hashBins } from '../profiles/category-counts.ts';
import type { FeatureProfile } from '../profiles/profile.ts';
import { mostBins } from '../profiles/sketch.ts';
import type { FeatureCounts } from '../samples/summary.ts';

/** A metric of the training or validation data, and how many rows it rests on. */
export type TrainingMetric = { value: number; count: number };

/** What most values of a feature were; `none` where all were null. */
export type FeatureKind = 'numbers' | 'categories' | 'none';

/**
 * What a version of a model was trained on, and how well it did there: all but the profiles of its features, which are stored
 * beside it in parts. One for each version of a model.
 */
export type TrainingRecord = {
  /** Name of the source in the config whose model it is. */
  source: string;
  modelVersion: string;
  /** Version of the dataset. */
  dataset: string;
  /** The end of the data, from which its age counts; milliseconds since the epoch. */
  trainedAt: number;
  rows: number;
  metrics: Record<string, TrainingMetric>;
  features: Record<string, FeatureCounts & { kind: FeatureKind }>;
  /** How the profiles are binned, for two of other binning do not compare. */
  binning: string;
  /** How many parts the profiles are stored in. */
  parts: number;
  /** Of what was sent: the same once more changes nothing. */
  digest: string;
  pushedAt: number;
  by: string;
  version: number;
};

/** Profiles by feature; a part of them is stored together. */
export type TrainingFeatures = Record<string, FeatureProfile>;

/** What profiles of this Tocsin are made of: relative error and most bins of the sketch, hash bins of categories. */
export const binning = `ddsketch-0.01-${mostBins}/hash-${hashBins}`;

/** A DynamoDB transaction takes 100 items, and an item 400 kB. */
export const featuresAPart = 8;
export const mostFeatures = 500;

/** The features in the parts that are stored together, in the order of their names. */
export function partsOf(features: TrainingFeatures): TrainingFeatures[] {
  const sorted = Object.entries(features).sort(([a], [b]) => (a < b ? -1 : 1));
  return Array.from({ length: Math.ceil(sorted.length / featuresAPart) }, (_, part) =>
    Object.fromEntries(sorted.slice(part * featuresAPart, (part + 1) * featuresAPart)),
  );
}

/** What the record says of a feature. */
export function countsOf({ count, nulls, numbers, categories, mistyped, outOfRange, unseen }: FeatureProfile) {
  const kind: FeatureKind =
    numbers !== undefined && 2 * numbers.count >= count - nulls ? 'numbers' : categories === undefined ? 'none' : 'categories';
  return {
    seen: count,
    nulls,
    kind,
    ...(mistyped === undefined ? {} : { mistyped }),
    ...(outOfRange === undefined ? {} : { outOfRange }),
    ...(unseen === undefined ? {} : { unseen }),
  };
}
