import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { RuleQuery } from '../sources/query-schema.ts';
import { categoryText } from './category-text.ts';
import type { PredictionRecord } from './records.ts';

/**
 * Where a record counts if its value is missing or not listed. Depends on the config only, not on
 * arrival order.
 */
export const otherValue = 'other';

type Segmented = Pick<PredictionsSourceConfig, 'segments'>;

/** One label of a segment, such as `country` with the value `DE`. */
export type SegmentLabel = { segment: string; value: string };

export const segmentNames = ({ segments = {} }: Segmented): string[] => Object.keys(segments);

/** The values of a segment, `other` last. */
export function segmentValues({ segments = {} }: Segmented, segment: string): string[] {
  return [...(Object.hasOwn(segments, segment) ? (segments[segment] ?? []) : []), otherValue];
}

/** One label per segment of the source: the value of the feature with that name, if listed. */
export function segmentsOf({ segments }: Segmented, features: PredictionRecord['features']): SegmentLabel[] {
  if (segments === undefined) return [];
  return Object.entries(segments).map(([segment, listed]) => {
    const sent = features !== undefined && Object.hasOwn(features, segment) ? features[segment] : undefined;
    return { segment, value: sent === undefined || sent === null ? otherValue : listedValue(listed, sent) };
  });
}

/** The value as the config spells it. */
function listedValue(listed: readonly string[], sent: string | number | boolean): string {
  const written = String(sent);
  if (listed.includes(written)) return written;
  const text = categoryText(sent);
  return listed.find((one) => categoryText(one) === text) ?? otherValue;
}

/**
 * The metric name that predictions are stored under. Segments have their own, so that reading the
 * total never counts a record twice.
 */
export const predictionsMetric = (segment: string | undefined): string =>
  segment === undefined ? 'predictions' : `predictions by ${segment}`;

/** The segment a query splits by, one series per value; undefined for the total. */
export const segmentOf = (query: RuleQuery['predictions']): string | undefined =>
  query?.by.find((label) => label !== 'version' && label !== 'feature');
