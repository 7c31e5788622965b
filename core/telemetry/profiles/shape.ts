import type { DriftValue } from '../../statistics/distributions/value.ts';
import { type Refused, refused } from '../../statistics/refused.ts';
import type { CategoryCounts } from './category-counts.ts';
import type { FeatureProfile } from './profile.ts';
import type { Sketch } from './sketch.ts';

/**
 * What a baseline keeps of a profile: enough for every comparison. Plain JSON of at most 14 kB, or
 * 30 kB for 128 long names. `others` counts values of the other kind.
 */
export type Shape =
  | { kind: 'numbers'; count: number; others?: number; sketch: Sketch }
  | { kind: 'categories'; count: number; others?: number; categories: CategoryCounts };

/** The kind of most values: numbers or categories. Refused where there are none. */
export function shapeOf({ numbers, categories, count, nulls }: FeatureProfile): Shape | Refused {
  const named = count - nulls - (numbers?.count ?? 0);
  const also = (others: number) => (others > 0 ? { others } : {});
  if (numbers !== undefined && numbers.count >= named)
    return { kind: 'numbers', count: numbers.count, ...also(named), sketch: numbers.sketch };
  if (categories !== undefined) return { kind: 'categories', count: named, ...also(numbers?.count ?? 0), categories };
  return refused('it has no values');
}

/** A drift value and its p-value; the p-value is undefined if the counts are too small to test. */
export type Compared = { ok: true; drift: DriftValue; pValue: number | undefined };
