import type { FeatureSchema } from './feature-schema.ts';
import type { PredictionsSourceConfig } from './predictions.ts';

const category: FeatureSchema = { type: 'category', optional: true };

/**
 * What a feature is declared as, or undefined. A segment is a category where nothing else is
 * declared: its values are listed as texts.
 */
export function declarationOf(
  feature: string,
  { schema = {}, segments = {} }: Pick<PredictionsSourceConfig, 'schema' | 'segments'>,
): FeatureSchema | undefined {
  if (Object.hasOwn(schema, feature)) return schema[feature];
  return Object.hasOwn(segments, feature) ? category : undefined;
}
