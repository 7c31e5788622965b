import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { Point, Series } from '../series.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { RuleQuery } from '../sources/query-schema.ts';
import { estimatePoints } from './estimate-points.ts';
import { featureShare, type Share, shares } from './prediction-metrics.ts';
import { featureSpreadPoints, predictionSpreadPoints } from './spread-points.ts';
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
  const { after = 0 } = query;
  const asked = buckets.filter(({ start }) => start >= spans.first - spans.over - after && start + spans.bucket <= spans.to);
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
    case 'label_delay':
    case 'unmatched_label_rate':
    case 'corrected_label_rate':
      // Profiles and arrivals of labels are not in these buckets, and are read separately.
      return [];
    case 'label_coverage':
      return [{ labels, points: agedPoints(buckets, shares.label_coverage, spans, query.after ?? 0) }];
    case 'score':
    case 'prediction':
      return [{ labels, points: predictionSpreadPoints(buckets, query.metric, query, spans) }];
    case 'feature':
      return (query.features ?? []).map((feature) => ({
        labels: { ...labels, feature },
        points: featureSpreadPoints(buckets, feature, query, spans),
      }));
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

/** A point at `at` summarises the span that ended `after` before it. */
function agedPoints(buckets: readonly Bucket[], share: Share, spans: Spans, after: number): Point[] {
  const earlier = { ...spans, first: spans.first - after, to: spans.to - after };
  return sharePoints(buckets, share, earlier).map((point) => ({ ...point, at: point.at + after }));
}

function featuresOf(buckets: readonly Bucket[], source: Pick<PredictionsSourceConfig, 'features' | 'schema'>): string[] {
  const names = new Set([...(source.features ?? []), ...Object.keys(source.schema ?? {})]);
  for (const { summary } of buckets)
    if (summary.kind === 'predictions') for (const name of Object.keys(summary.features)) names.add(name);
  return [...names].sort();
}
