import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { Point } from '../series.ts';
import type { SamplesQuery } from '../sources/kinds/samples.ts';
import { isPercentile } from '../sources/statistics.ts';
import { ratePoints } from './rate-points.ts';
import type { RatioGroup } from './ratio-groups.ts';
import { ratioPoints } from './ratio-points.ts';
import { beyondPoints, percentilePoints } from './spread-points.ts';
import type { Bucket, ValueSummary } from './summary.ts';
import { agePoints, countPoints, mergeBuckets, type Spans, valuePoints } from './windows.ts';

/**
 * The points that a query asks of one group of series, whose buckets are `lists`. `since` is when
 * the group was first seen, needed to count records and for their age.
 */
export function samplePoints(
  query: SamplesQuery,
  group: Partial<RatioGroup>,
  lists: readonly (readonly Bucket[])[],
  spans: Spans,
  since: number | undefined,
): Point[] {
  const { statistic, share, ratio } = query;
  if (ratio !== undefined) {
    const of = (places: readonly number[] = []) => places.map((place) => lists[place] ?? []);
    return ratioPoints(ratio, { of: of(group.of), over: of(group.over) }, spans);
  }
  const merged = mergeBuckets(lists, 'values');
  const first = since ?? Number.POSITIVE_INFINITY;
  if (share !== undefined) return beyondPoints(merged, share, spans);
  if (isPercentile(statistic)) return percentilePoints(merged, statistic, spans);
  switch (statistic) {
    case 'count':
      return countPoints(merged, ({ count }: ValueSummary) => count, spans, first);
    case 'age':
      return agePoints(merged, ({ lastAt }: ValueSummary) => lastAt, spans, first);
    case 'rate':
      return ratePoints(merged, spans);
    case 'mean':
    case 'sum':
    case 'min':
    case 'max':
    case 'last':
      return valuePoints(merged, statistic, spans);
    case 'share':
    case 'ratio':
      // Told by their own keys, above.
      return [];
    default:
      return unknownKind('statistic', statistic);
  }
}

/**
 * How far before its spans a query looks, in milliseconds: the growth of a counter begins with the
 * reading before.
 */
export const looksBefore = ({ statistic, ratio }: SamplesQuery, over: number): number =>
  statistic === 'rate' || ratio?.of.statistic === 'rate' || ratio?.over.statistic === 'rate' ? over : 0;

/** The names of the metrics that a query reads. */
export const metricsOf = ({ metric, ratio }: SamplesQuery): string[] =>
  ratio === undefined ? [metric] : [...new Set([ratio.of.metric, ratio.over.metric])];
