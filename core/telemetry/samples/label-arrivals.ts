import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { deltaSums } from './deltas.ts';
import { type SeriesRef, seriesRef } from './summary.ts';

/**
 * What is kept of labels by the time at which they came, each as plain values under a metric name
 * of its own: seconds from the prediction to its first label; 1 for a label without a prediction,
 * and -1 once the prediction has come after all; 1 for a label that replaced another.
 */
export const labelMetrics = { delay: 'label delay', unmatched: 'labels unmatched', corrected: 'labels corrected' } as const;

/** The most series of one batch that labels are counted in besides those of their predictions. */
export const labelSeries = Object.keys(labelMetrics).length;

type Context = { sourceName: string; source: PredictionsSourceConfig; now: number };

export type LabelArrivals = ReturnType<typeof labelArrivals>;

/** Counts the labels of one batch in the bucket of the present. */
export function labelArrivals({ addSample }: ReturnType<typeof deltaSums>, { sourceName, source, now }: Context) {
  const known = new Map<string, SeriesRef>();
  const start = Math.floor(now / source.bucket) * source.bucket;
  const add = (metric: string, value: number): void => {
    let series = known.get(metric);
    if (series === undefined) {
      series = seriesRef(sourceName, metric, { model: source.model, ...source.labels });
      known.set(metric, series);
    }
    addSample(series, start, value, now);
  };
  return {
    /** The first label of a prediction; times in milliseconds. A clock may be ahead. */
    matched: (madeAt: number, cameAt: number): void => add(labelMetrics.delay, Math.max(0, cameAt - madeAt) / 1000),
    unmatched: (): void => add(labelMetrics.unmatched, 1),
    /** The prediction of an unmatched label has come. */
    matchedLater: (): void => add(labelMetrics.unmatched, -1),
    corrected: (): void => add(labelMetrics.corrected, 1),
  };
}
