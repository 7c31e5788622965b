import { categoryText } from '../samples/category-text.ts';
import { type FeatureFault, faultOf } from '../samples/feature-check.ts';
import type { FeatureSchema } from '../sources/kinds/feature-schema.ts';
import { type CategoryCounts, categoriesOf, mergedCategories } from './category-counts.ts';
import { type Distinct, distinctOf, mergeDistinct } from './distinct.ts';
import { type Moments, mergeMoments, momentsOf } from './moments.ts';
import { mergedSketch, type Sketch, sketchOf } from './sketch.ts';

/**
 * What one feature looked like over a window. Plain JSON of bounded size: about 1 kB for a few
 * categories, 5 to 9 kB for numbers, at most 45 kB (128 long names). The profile of a window is the
 * merge of its parts.
 */
export type FeatureProfile = {
  /** Records that carried the feature or should have, and how many of those were null. */
  count: number;
  nulls: number;
  /** The numeric values. */
  numbers?: Moments & { sketch: Sketch };
  /** Texts and flags; all values of a feature declared as a category. */
  categories?: CategoryCounts;
  distinct: Distinct;
} & Partial<Record<FeatureFault, number>>;

export type FeatureValue = string | number | boolean | null | undefined;

/**
 * Profiles values. Numbers that are not finite count as null. `spec` is the declaration of the
 * feature.
 */
export function profileOf(values: readonly FeatureValue[], spec?: FeatureSchema): FeatureProfile {
  const numbers: number[] = [];
  const texts: string[] = [];
  const faults = new Map<FeatureFault, number>();
  for (const value of values) {
    if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue;
    if (typeof value === 'number' && spec?.type !== 'category') numbers.push(value + 0);
    else texts.push(categoryText(value));
    const fault = spec === undefined ? undefined : faultOf(value, spec);
    if (fault !== undefined) faults.set(fault, (faults.get(fault) ?? 0) + 1);
  }
  return {
    count: values.length,
    nulls: values.length - numbers.length - texts.length,
    ...(numbers.length > 0 && { numbers: { ...momentsOf(numbers), sketch: sketchOf(numbers) } }),
    ...(texts.length > 0 && { categories: categoriesOf(texts) }),
    distinct: distinctOf(numbers, texts),
    ...Object.fromEntries(faults),
  };
}

export const mergeProfiles = (a: FeatureProfile, b: FeatureProfile): FeatureProfile => mergedProfile([a, b]);

/**
 * The profile of all together; at least one. Counts are exact, moments up to rounding; see the
 * sketches' own files for theirs.
 */
export function mergedProfile(all: readonly FeatureProfile[]): FeatureProfile {
  if (all.length === 1) return all[0] as FeatureProfile;
  const sumOf = (field: 'count' | 'nulls' | FeatureFault): number => all.reduce((sum, one) => sum + (one[field] ?? 0), 0);
  const merged: FeatureProfile = {
    count: sumOf('count'),
    nulls: sumOf('nulls'),
    distinct: all.map(({ distinct }) => distinct).reduce(mergeDistinct),
  };
  const numbers = all.flatMap((one) => one.numbers ?? []);
  const categories = all.flatMap((one) => one.categories ?? []);
  if (numbers.length > 0) {
    const { count, mean, squares, min, max } = (numbers as Moments[]).reduce(mergeMoments);
    merged.numbers = { count, mean, squares, min, max, sketch: mergedSketch(numbers.map(({ sketch }) => sketch)) };
  }
  if (categories.length > 0) merged.categories = mergedCategories(categories);
  for (const fault of ['mistyped', 'outOfRange', 'unseen'] as const) {
    const sum = sumOf(fault);
    if (sum > 0) merged[fault] = sum;
  }
  return merged;
}
