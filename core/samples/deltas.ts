import type { PredictionsSourceConfig, SamplesSourceConfig } from '../config/schema.ts';
import type { FoldBatch } from './fold.ts';
import { isPositive } from './outcome.ts';
import type { PredictionRecord } from './records.ts';
import { mergeSummary, type PredictionSummary, type SeriesRef } from './summary.ts';

type Delta = FoldBatch['deltas'][number];

/** A prediction summary while it grows: features by Map, for they may have any name. */
type Growing = { delta: Delta; summary: PredictionSummary; features: Map<string, { seen: number; nulls: number }> };

const emptyPredictions = (): PredictionSummary => ({
  kind: 'predictions',
  count: 0,
  labelled: 0,
  correct: 0,
  positive: 0,
  scored: 0,
  scoreSum: 0,
  features: {},
});

/** Sums what one batch adds to each bucket it touches. */
export function deltaSums(source: PredictionsSourceConfig | SamplesSourceConfig) {
  const predictions = new Map<string, Growing>();
  const samples = new Map<string, Delta>();
  const expected = source.kind === 'predictions' ? (source.features ?? []) : [];
  const expiresAt = (bucketStart: number): number => bucketStart + source.bucket + source.retain;

  const growing = (series: SeriesRef, bucketStart: number): Growing => {
    const key = `${bucketStart}|${series.key}`;
    let known = predictions.get(key);
    if (known === undefined) {
      const summary = emptyPredictions();
      known = { delta: { series, bucketStart, summary, expiresAt: expiresAt(bucketStart) }, summary, features: new Map() };
      predictions.set(key, known);
    }
    return known;
  };

  return {
    /** A prediction, with its label where that is known already; both outcomes in canonical spelling. */
    addPrediction(
      series: SeriesRef,
      bucketStart: number,
      record: PredictionRecord,
      prediction: string,
      label: string | undefined,
    ): void {
      const { summary, features } = growing(series, bucketStart);
      summary.count += 1;
      if (isPositive(prediction)) summary.positive += 1;
      if (record.score !== undefined) {
        summary.scored += 1;
        summary.scoreSum += record.score;
      }
      if (label !== undefined) {
        summary.labelled += 1;
        if (label === prediction) summary.correct += 1;
      }
      const sent = record.features ?? {};
      for (const feature of Object.keys(sent)) addFeature(features, feature, sent[feature] === null);
      for (const feature of expected) if (!Object.hasOwn(sent, feature)) addFeature(features, feature, true);
    },
    /** The label of a prediction that was counted before. */
    addLabel(series: SeriesRef, bucketStart: number, correct: boolean): void {
      const { summary } = growing(series, bucketStart);
      summary.labelled += 1;
      if (correct) summary.correct += 1;
    },
    addSample(series: SeriesRef, bucketStart: number, value: number, at: number): void {
      const key = `${bucketStart}|${series.key}`;
      const summary = { kind: 'values' as const, count: 1, sum: value, min: value, max: value, last: value, lastAt: at };
      const known = samples.get(key);
      if (known === undefined) samples.set(key, { series, bucketStart, summary, expiresAt: expiresAt(bucketStart) });
      else known.summary = mergeSummary(known.summary, summary);
    },
    deltas(): Delta[] {
      for (const { summary, features } of predictions.values()) summary.features = Object.fromEntries(features);
      return [...[...predictions.values()].map(({ delta }) => delta), ...samples.values()];
    },
  };
}

function addFeature(features: Growing['features'], feature: string, isNull: boolean): void {
  const known = features.get(feature);
  if (known === undefined) features.set(feature, { seen: 1, nulls: isNull ? 1 : 0 });
  else {
    known.seen += 1;
    if (isNull) known.nulls += 1;
  }
}
