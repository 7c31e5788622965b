import type { Labels, PredictionsSourceConfig, RuleQuery } from '../config/schema.ts';
import type { Series } from '../rules/verdict.ts';
import type { Bucket } from './summary.ts';
import { countPoints, nullShare, type Spans, sharePoints, shares } from './windows.ts';

type PredictionsQuery = NonNullable<RuleQuery['predictions']>;

/**
 * The series of a metric of predictions: one, or one a feature for null rates. `since` is when the series was first seen,
 * which the counting metrics need. None where one version is asked for that has no records in range: it was replaced.
 */
export function predictionSeries(
  query: PredictionsQuery,
  source: Pick<PredictionsSourceConfig, 'features'>,
  labels: Labels,
  buckets: readonly Bucket[],
  spans: Spans,
  since: number | undefined,
): Series[] {
  const asked = buckets.filter(({ start }) => start >= spans.first - spans.over && start + spans.bucket <= spans.to);
  if (asked.length === 0 && query.by.includes('version')) return [];
  switch (query.metric) {
    case 'count':
    case 'labelled':
      return [{ labels, points: countPoints(buckets, shares[query.metric].of, spans, since ?? Number.POSITIVE_INFINITY) }];
    case 'null_rate': {
      const names = query.features ?? featuresOf(asked, source);
      return names.map((feature) => ({
        labels: { ...labels, feature },
        points: sharePoints(buckets, nullShare(feature), spans),
      }));
    }
    default:
      return [{ labels, points: sharePoints(buckets, shares[query.metric], spans) }];
  }
}

function featuresOf(buckets: readonly Bucket[], source: Pick<PredictionsSourceConfig, 'features'>): string[] {
  const names = new Set(source.features ?? []);
  for (const { summary } of buckets)
    if (summary.kind === 'predictions') for (const name of Object.keys(summary.features)) names.add(name);
  return [...names].sort();
}
