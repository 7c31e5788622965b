import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { RuleQuery } from '../sources/query-schema.ts';
import type { PredictionRecord } from './records.ts';

/** Where a record counts whose value is not listed, or which has none. What it is depends on the config alone, not on what came first. */
export const otherValue = 'other';

type Segmented = Pick<PredictionsSourceConfig, 'segments'>;

/** One label of a segment, such as `country` with the value `DE`. */
export type SegmentLabel = { segment: string; value: string };

export const segmentNames = ({ segments = {} }: Segmented): string[] => Object.keys(segments);

/** The values that a segment has, the rest last. */
export function segmentValues({ segments = {} }: Segmented, segment: string): string[] {
  return [...(Object.hasOwn(segments, segment) ? (segments[segment] ?? []) : []), otherValue];
}

/** One label for each segment of the source: the value of the feature of that name, where it is listed. */
export function segmentsOf({ segments }: Segmented, features: PredictionRecord['features']): SegmentLabel[] {
  if (segments === undefined) return [];
  return Object.entries(segments).map(([segment, listed]) => {
    const sent = features !== undefined && Object.hasOwn(features, segment) ? features[segment] : undefined;
    const value = sent === undefined || sent === null ? otherValue : String(sent);
    return { segment, value: listed.includes(value) ? value : otherValue };
  });
}

/** What the series of predictions are stored under; those of a segment apart, so that who reads the whole never counts a record twice. */
export const predictionsMetric = (segment: string | undefined): string =>
  segment === undefined ? 'predictions' : `predictions by ${segment}`;

/** The segment that a query has one series for each value of; undefined where it asks for the whole. */
export const segmentOf = (query: RuleQuery['predictions']): string | undefined =>
  query?.by.find((label) => label !== 'version' && label !== 'feature');
