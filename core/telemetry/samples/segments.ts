import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { RuleQuery } from '../sources/query-schema.ts';
import { categoryText } from './category-text.ts';
import type { PredictionRecord } from './records.ts';

/**
 * Where a record counts if its value is missing or not listed. Depends on the config only, not on
 * arrival order.
 */
export const otherValue = 'other';

type Segmented = Pick<PredictionsSourceConfig, 'segments' | 'pairs'>;

/**
 * How a source is split: by the name of a segment, such as `country`, or by two at a time,
 * `channel and country`.
 */
export type Split = string;

const between = ' and ';

/** One value of a split: `DE`, or `web and DE`, and the labels of its series. */
export type SegmentLabel = { segment: Split; value: string; labels: Labels };

export const segmentNames = ({ segments = {} }: Segmented): string[] => Object.keys(segments);

/** The segments of a split, in its order. */
export const namesIn = (split: Split): string[] => split.split(between);

/** Whether a name would be taken for two. */
export const isTakenForTwo = (segment: string): boolean => segment.includes(between);

/**
 * Every way in which records of the source are counted apart: each segment, and the pairs that
 * rules ask for.
 */
export const splitsOf = (source: Segmented): Split[] => [...segmentNames(source), ...(source.pairs ?? [])];

/** The values of a segment, `other` last. */
function valuesOf({ segments = {} }: Segmented, segment: string): string[] {
  return [...(Object.hasOwn(segments, segment) ? (segments[segment] ?? []) : []), otherValue];
}

/** How many series a split has, for one version. */
export const valuesIn = (source: Segmented, split: Split): number =>
  namesIn(split).reduce((product, segment) => product * valuesOf(source, segment).length, 1);

/** Whether the config still lists the values of a stored series. */
export const isListed = (source: Segmented, split: Split, labels: Labels): boolean =>
  namesIn(split).every((segment) => valuesOf(source, segment).includes(labels[segment] ?? ''));

/** What tells series of one split apart: the values of its segments. */
export const valueKey = (split: Split | undefined, labels: Labels): string =>
  split === undefined ? '' : JSON.stringify(namesIn(split).map((segment) => labels[segment] ?? null));

/** One label per split of the source: the values of the features with these names, where listed. */
export function segmentsOf(source: Segmented, features: PredictionRecord['features']): SegmentLabel[] {
  const { segments, pairs = [] } = source;
  if (segments === undefined) return [];
  const single = Object.entries(segments).map(([segment, listed]): SegmentLabel => {
    const sent = features !== undefined && Object.hasOwn(features, segment) ? features[segment] : undefined;
    const value = sent === undefined || sent === null ? otherValue : listedValue(listed, sent);
    return { segment, value, labels: { [segment]: value } };
  });
  if (pairs.length === 0) return single;
  const known = new Map(single.map((one) => [one.segment, one]));
  const paired = pairs.map((pair): SegmentLabel => {
    const parts = namesIn(pair).flatMap((segment) => known.get(segment) ?? []);
    const labels = Object.assign({}, ...parts.map((one) => one.labels)) as Labels;
    return { segment: pair, value: parts.map(({ value }) => value).join(between), labels };
  });
  return [...single, ...paired];
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

/** The segments that a query splits by, sorted and without repeats. */
export const segmentsAsked = (query: RuleQuery['predictions']): string[] =>
  [...new Set(query?.by.filter((label) => label !== 'version' && label !== 'feature'))].sort();

/** How a query splits, one series per value; undefined for the total. */
export function segmentOf(query: RuleQuery['predictions']): Split | undefined {
  const asked = segmentsAsked(query);
  return asked.length === 0 ? undefined : asked.join(between);
}

/**
 * The pairs of segments that queries of a source ask for, sorted. Records are counted by these as
 * well.
 */
export const pairsAsked = (queries: readonly RuleQuery['predictions'][]): Split[] =>
  [...new Set(queries.map(segmentsAsked).flatMap((asked) => (asked.length === 2 ? [asked.join(between)] : [])))].sort();
