import { quantileOf } from '../../../statistics/distributions/spread.ts';
import { sampleOfSketch } from '../../../telemetry/profiles/aligned-samples.ts';
import { distinctCount } from '../../../telemetry/profiles/distinct.ts';
import type { FeatureProfile } from '../../../telemetry/profiles/profile.ts';

/** One side of a comparison: what a feature was like, in numbers. */
export type FeatureSide = {
  /** Records that carried it or should have, how many had none, and the others. */
  count: number;
  nulls: number;
  values: number;
  /** Below 64 it is exact. */
  distinct: { count: number; exact: boolean };
  numbers?: { median: number; mean: number; min: number; max: number; low: number; high: number };
  /** The most frequent first. */
  categories?: (readonly [name: string, count: number])[];
  /** Every category is among `categories`. */
  areAllNamed: boolean;
  mistyped?: number;
  outOfRange?: number;
  unseen?: number;
};

const mostCategories = 64;
/** Nine of ten values lie between `low` and `high`. */
const inner = 0.05;

export function featureSide(profile: FeatureProfile): FeatureSide {
  const { count, nulls, numbers, categories, distinct, mistyped, outOfRange, unseen } = profile;
  const sample = numbers === undefined ? undefined : sampleOfSketch(numbers.sketch);
  const sorted = categories?.names.toSorted((a, b) => b[1] - a[1]);
  const isMostlyNumbers = numbers !== undefined && 2 * numbers.count >= count - nulls;
  return {
    count,
    nulls,
    values: count - nulls,
    distinct: distinctCount(distinct),
    areAllNamed: categories?.rest === undefined && (sorted?.length ?? 0) <= mostCategories,
    ...(isMostlyNumbers &&
      sample?.ok === true && {
        numbers: {
          median: quantileOf(sample, 0.5),
          ...{ mean: numbers.mean, min: numbers.min, max: numbers.max },
          ...{ low: quantileOf(sample, inner), high: quantileOf(sample, 1 - inner) },
        },
      }),
    ...(!isMostlyNumbers && sorted !== undefined && { categories: sorted.slice(0, mostCategories) }),
    ...(mistyped !== undefined && { mistyped }),
    ...(outOfRange !== undefined && { outOfRange }),
    ...(unseen !== undefined && { unseen }),
  };
}
