import { hashBins } from '../profiles/category-counts.ts';
import type { FeatureProfile } from '../profiles/profile.ts';
import { mostBins } from '../profiles/sketch.ts';
import type { FeatureCounts } from '../samples/summary.ts';

/** A metric of training or validation data, and the rows behind it. */
export type TrainingMetric = { value: number; count: number };

/** The kind of most values of a feature; `none` if all were null. */
export type FeatureKind = 'numbers' | 'categories' | 'none';

/**
 * What a model version was trained on and how well it did: everything except feature profiles,
 * which are stored in parts beside it. One per version of a model.
 */
export type TrainingRecord = {
  /** Name of the model's source in the config. */
  source: string;
  modelVersion: string;
  /** Version of the dataset. */
  dataset: string;
  /** The end of the training data, from which its age counts; milliseconds since the epoch. */
  trainedAt: number;
  rows: number;
  metrics: Record<string, TrainingMetric>;
  features: Record<string, FeatureCounts & { kind: FeatureKind }>;
  /** How profiles are binned. Profiles with other binning do not compare. */
  binning: string;
  /** The number of stored parts of profiles. */
  parts: number;
  /** Digest of the request: an identical resend changes nothing. */
  digest: string;
  pushedAt: number;
  by: string;
  version: number;
};

/** Profiles by feature; one part is stored together. */
export type TrainingFeatures = Record<string, FeatureProfile>;

/**
 * The binning of this Tocsin's profiles: the kind of sketch and its most bins, hash bins of
 * categories.
 */
export const binning = `tree-${mostBins}/hash-${hashBins}`;

/** DynamoDB limits: 100 items per transaction, 400 kB per item. */
export const featuresAPart = 8;
export const mostFeatures = 500;

/** The features in stored parts, sorted by name. */
export function partsOf(features: TrainingFeatures): TrainingFeatures[] {
  const sorted = Object.entries(features).sort(([a], [b]) => (a < b ? -1 : 1));
  return Array.from({ length: Math.ceil(sorted.length / featuresAPart) }, (_, part) =>
    Object.fromEntries(sorted.slice(part * featuresAPart, (part + 1) * featuresAPart)),
  );
}

/** What the record keeps per feature. */
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
