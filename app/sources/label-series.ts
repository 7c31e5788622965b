/**
 * Metrics of labels by the time at which they came: one series for a model. Only few series are
 * read, so each request reads its own.
 */

import { labelMetrics } from '../../core/telemetry/samples/label-arrivals.ts';
import { type ArrivalBuckets, type LabelArrivalMetric, labelPoints } from '../../core/telemetry/samples/label-points.ts';
import { mergeBuckets, spansOf } from '../../core/telemetry/samples/windows.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { labelArrivalMetrics } from '../../core/telemetry/sources/kinds/predictions-query.ts';
import type { SourceRequest, SourceResult } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import { seriesOfModel } from './model-series.ts';

type Reading = Pick<Store, 'series' | 'buckets'>;
type Span = { from: number; to: number };

/** The metric, if a request is for one of labels by the time at which they came. */
export const arrivalMetricOf = ({ rule }: SourceRequest): LabelArrivalMetric | undefined =>
  labelArrivalMetrics.find((metric) => metric === rule.query.predictions?.metric);

export async function labelSeries(
  store: Reading,
  name: string,
  source: PredictionsSourceConfig,
  requests: readonly SourceRequest[],
): Promise<SourceResult[]> {
  if (requests.length === 0) return [];
  const read = await arrivalsOf(store, name, source);
  return Promise.all(
    requests.map(async (request): Promise<SourceResult> => {
      const { rule, ruleId, from, to } = request;
      const metric = arrivalMetricOf(request);
      const query = rule.query.predictions;
      if (metric === undefined || query === undefined) return { ok: false, error: `rule ${ruleId} asks for no metric of labels` };
      const found = spansOf({ from, to }, rule.step, query.over, source.bucket);
      if (!found.ok) return { ok: false, error: `rule ${ruleId}: ${found.error}` };
      if (read === undefined) return { ok: true, series: [] };
      const buckets = await read({ from: found.spans.first - query.over, to });
      const labels = { model: source.model, ...source.labels };
      return { ok: true, series: [{ labels, points: labelPoints(metric, buckets, found.spans) }] };
    }),
  );
}

/** Reads what is kept of the labels of a model; undefined if none has ever come. */
export async function arrivalsOf(
  store: Reading,
  name: string,
  source: PredictionsSourceConfig,
): Promise<((span: Span) => Promise<ArrivalBuckets>) | undefined> {
  const kept = (metric: string) => seriesOfModel(store, name, source, metric);
  const [delay, unmatched, corrected] = await Promise.all([
    kept(labelMetrics.delay),
    kept(labelMetrics.unmatched),
    kept(labelMetrics.corrected),
  ]);
  if (delay.length + unmatched.length + corrected.length === 0) return undefined;
  return async (span) => {
    const bucketsOf = async (members: typeof delay) =>
      mergeBuckets(await store.buckets(members.map((series) => ({ series, ...span }))), 'values');
    const [delays, unmatcheds, corrections] = await Promise.all([delay, unmatched, corrected].map(bucketsOf));
    return { delay: delays ?? [], unmatched: unmatcheds ?? [], corrected: corrections ?? [] };
  };
}
