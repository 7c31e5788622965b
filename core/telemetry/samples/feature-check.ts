import type { FeatureSchema } from '../sources/kinds/feature-schema.ts';
import { categoryText } from './category-text.ts';

/** What is wrong with a feature value. A value has at most one fault: the first of these. */
export type FeatureFault = 'mistyped' | 'outOfRange' | 'unseen';

/**
 * What a declaration refuses about a present value, or undefined. Numbers sent as text are texts.
 */
export function faultOf(value: string | number | boolean, spec: FeatureSchema): FeatureFault | undefined {
  switch (spec.type) {
    case 'number':
    case 'integer':
      if (typeof value !== 'number' || (spec.type === 'integer' && !Number.isInteger(value))) return 'mistyped';
      return value < (spec.min ?? Number.NEGATIVE_INFINITY) || value > (spec.max ?? Number.POSITIVE_INFINITY)
        ? 'outOfRange'
        : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'mistyped';
    case 'text':
      return typeof value === 'string' ? undefined : 'mistyped';
    case 'category':
      // Categories are often coded as numbers or flags.
      return spec.values === undefined || categoriesOf(spec).has(categoryText(value)) ? undefined : 'unseen';
  }
}

const known = new WeakMap<FeatureSchema, ReadonlySet<string>>();

function categoriesOf(spec: FeatureSchema): ReadonlySet<string> {
  let set = known.get(spec);
  if (set === undefined) {
    set = new Set(spec.values?.map(categoryText));
    known.set(spec, set);
  }
  return set;
}
