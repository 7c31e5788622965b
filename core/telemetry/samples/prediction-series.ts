import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { Series } from '../series.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { RuleQuery } from '../sources/query-schema.ts';
import { estimatePoints } from './estimate-points.ts';
import { featureShare, shares } from './prediction-metrics.ts';
import type { Bucket, PredictionSummary } from './summary.ts';
import { agePoints, aucPoints, countPoints, type Spans, sharePoints } from './windows.ts';

type PredictionsQuery = NonNullable<RuleQuery['predictions']>;

/**
 * The series of a prediction metric: one, or one per feature for feature metrics. `since` is when
 * the series was first seen, needed for volume and freshness. Empty if a requested version has no
 * records in range: it was replaced.
 */
export function predictionSeries(
  query: PredictionsQuery,
  source: Pick<PredictionsSourceConfig, 'features' | 'schema'>,
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
    case 'freshness': {
      const newestOf = ({ count, newestAt }: PredictionSummary) => (count > 0 ? newestAt : undefined);
      return [{ labels, points: agePoints(buckets, newestOf, spans, since ?? Number.POSITIVE_INFINITY) }];
    }
    case 'drift':
      // Compared by profiles, which these buckets do not hold.
      return [];
    case 'auc':
      return [{ labels, points: aucPoints(buckets, spans) }];
    case 'null_rate':
    case 'out_of_range_rate':
    case 'unseen_rate':
    case 'type_error_rate': {
      const { metric } = query;
      // Only a declared feature can break its declaration.
      const names = query.features ?? (metric === 'null_rate' ? featuresOf(asked, source) : Object.keys(source.schema ?? {}));
      return names.map((feature) => ({
        labels: { ...labels, feature },
        points: sharePoints(buckets, featureShare(metric, feature), spans),
      }));
    }
    case 'estimated_accuracy':
    case 'estimated_precision':
    case 'estimated_recall':
    case 'estimated_f1':
      if (query.recalibrate !== undefined)
        return [{ labels, points: estimatePoints(buckets, query.metric, spans, query.recalibrate) }];
      return [{ labels, points: sharePoints(buckets, shares[query.metric], spans) }];
    default:
      return [{ labels, points: sharePoints(buckets, shares[query.metric], spans) }];
  }
}

function featuresOf(buckets: readonly Bucket[], source: Pick<PredictionsSourceConfig, 'features' | 'schema'>): string[] {
  const names = new Set([...(source.features ?? []), ...Object.keys(source.schema ?? {})]);
  for (const { summary } of buckets)
    if (summary.kind === 'predictions') for (const name of Object.keys(summary.features)) names.add(name);
  return [...names].sort();
}
