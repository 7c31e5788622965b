import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { SamplesSourceConfig } from '../sources/kinds/samples.ts';
import { namesOfClasses } from './classes.ts';
import { type FeatureFault, faultOf } from './feature-check.ts';
import type { FoldBatch } from './fold.ts';
import { isPositive } from './outcome.ts';
import { addOutcome, isProbability, noOutcomes, numberOfOutcome } from './outcome-sums.ts';
import { addFeatureSpread, addSpread, keptAs } from './prediction-spreads.ts';
import { expectedFeatures, profileSums } from './profile-parts.ts';
import type { PredictionRecord } from './records.ts';
import { addLabelledScore, addScore, noScores } from './score-sums.ts';
import { addLabelledStake, addStake, noStakes, stakeOf } from './stakes.ts';
import { type FeatureCounts, mergeSummary, type PredictionSummary, type SeriesRef } from './summary.ts';
import { detailOf, type Keeps } from './value-detail.ts';

type Delta = FoldBatch['deltas'][number];

/** A prediction summary being built. Features are in a Map, because they may have any name. */
type Growing = { delta: Delta; summary: PredictionSummary; features: Map<string, FeatureCounts> };

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

/** A prediction and its true outcome, both in canonical spelling. */
export type LabelledOutcome = { prediction: string; label: string; score: number | undefined; value?: number | undefined };

/** `times`: -1 subtracts it. */
function addLabelled(summary: PredictionSummary, { prediction, label, score, value }: LabelledOutcome, times: 1 | -1 = 1): void {
  summary.labelled += times;
  if (label === prediction) summary.correct += times;
  summary.outcomes ??= noOutcomes();
  addOutcome(summary.outcomes, prediction, label, score, times);
  if (value !== undefined) {
    summary.stakes ??= noStakes();
    addLabelledStake(summary.stakes, value, label !== prediction, times);
  }
  if (!isProbability(score)) return;
  summary.scores ??= noScores();
  addLabelledScore(summary.scores, label, score, times);
}

/** What the samples of a metric are kept with, besides their numbers; undefined for nothing. */
export type KeepsOf = (metric: string) => Keeps | undefined;

/** Sums what one batch adds to each bucket. */
export function deltaSums(source: PredictionsSourceConfig | SamplesSourceConfig, keepsOf?: KeepsOf) {
  const predictions = new Map<string, Growing>();
  const samples = new Map<string, Delta>();
  const nameOf = namesOfClasses(source.kind === 'predictions' ? source : {});
  const declared = source.kind === 'predictions' ? source.schema : undefined;
  const expected = source.kind === 'predictions' ? expectedFeatures(source) : [];
  const asked = { score: keepsOf?.('score')?.histogram === true, prediction: keepsOf?.('prediction')?.histogram === true };
  const spreads = source.kind === 'predictions' && (asked.score || asked.prediction) ? asked : undefined;
  const keptFeatures = new Map<string, boolean>();
  const keepsSpread = (feature: string): boolean => {
    let keeps = keptFeatures.get(feature);
    if (keeps === undefined) {
      keeps = keepsOf?.(keptAs(feature))?.histogram === true;
      keptFeatures.set(feature, keeps);
    }
    return keeps;
  };
  const profiles = source.kind === 'predictions' ? profileSums(source) : undefined;
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
    /**
     * A prediction, with its label if known; both in canonical spelling. The series may be that of
     * a segment.
     */
    addPrediction(
      series: SeriesRef,
      bucketStart: number,
      record: PredictionRecord,
      prediction: string,
      label: string | undefined,
      segment?: string,
    ): void {
      const { summary, features } = growing(series, bucketStart);
      summary.count += 1;
      const predicted = nameOf(prediction);
      if (isPositive(predicted)) summary.positive += 1;
      summary.newestAt = Math.max(summary.newestAt ?? record.timestamp, record.timestamp);
      if (spreads !== undefined) {
        summary.spreads ??= {};
        if (spreads.score) addSpread(summary.spreads, 'score', record.score);
        if (spreads.prediction) addSpread(summary.spreads, 'prediction', numberOfOutcome(prediction));
      }
      if (record.score !== undefined) {
        summary.scored += 1;
        summary.scoreSum += record.score;
        if (isProbability(record.score)) {
          summary.scores ??= noScores();
          addScore(summary.scores, isPositive(predicted), record.score);
        }
      }
      const value = source.kind === 'predictions' ? stakeOf(record.value, source) : undefined;
      if (value !== undefined) {
        summary.stakes ??= noStakes();
        addStake(summary.stakes, value);
      }
      if (label !== undefined) addLabelled(summary, { prediction: predicted, label: nameOf(label), score: record.score, value });
      const sent = record.features ?? {};
      for (const feature of Object.keys(sent)) {
        const value = sent[feature];
        const spec = declared !== undefined && Object.hasOwn(declared, feature) ? declared[feature] : undefined;
        const isNull = value === null || value === undefined;
        const fault = isNull || spec === undefined ? undefined : faultOf(value, spec);
        addFeature(features, feature, isNull, fault);
        if (typeof value === 'number' && fault !== 'mistyped' && keepsSpread(feature)) {
          summary.spreads ??= {};
          addFeatureSpread(summary.spreads, feature, value);
        }
      }
      for (const feature of expected) if (!Object.hasOwn(sent, feature)) addFeature(features, feature, true, undefined);
      profiles?.add(series, segment, record);
    },
    /** A prediction that was sent before. */
    addDuplicate(series: SeriesRef, bucketStart: number): void {
      const { summary } = growing(series, bucketStart);
      summary.duplicates = (summary.duplicates ?? 0) + 1;
    },
    /** The label of a prediction that is already counted. */
    addLabel(series: SeriesRef, bucketStart: number, { prediction, label, ...rest }: LabelledOutcome): void {
      addLabelled(growing(series, bucketStart).summary, { prediction: nameOf(prediction), label: nameOf(label), ...rest });
    },
    /** Takes back a label that counts, because another one replaces it. */
    takeLabelBack(series: SeriesRef, bucketStart: number, { prediction, label, ...rest }: LabelledOutcome): void {
      addLabelled(growing(series, bucketStart).summary, { prediction: nameOf(prediction), label: nameOf(label), ...rest }, -1);
    },
    addSample(series: SeriesRef, bucketStart: number, value: number, at: number): void {
      const key = `${bucketStart}|${series.key}`;
      const keeps = keepsOf?.(series.metric);
      const summary = {
        kind: 'values' as const,
        count: 1,
        sum: value,
        min: value,
        max: value,
        last: value,
        lastAt: at,
        ...(keeps === undefined ? {} : detailOf(value, at, keeps)),
      };
      const known = samples.get(key);
      if (known === undefined) samples.set(key, { series, bucketStart, summary, expiresAt: expiresAt(bucketStart) });
      else known.summary = mergeSummary(known.summary, summary);
    },
    deltas(): Delta[] {
      for (const { summary, features } of predictions.values()) summary.features = Object.fromEntries(features);
      return [...[...predictions.values()].map(({ delta }) => delta), ...samples.values(), ...(profiles?.deltas() ?? [])];
    },
  };
}

function addFeature(features: Growing['features'], feature: string, isNull: boolean, fault: FeatureFault | undefined): void {
  let counts = features.get(feature);
  if (counts === undefined) {
    counts = { seen: 0, nulls: 0 };
    features.set(feature, counts);
  }
  counts.seen += 1;
  if (isNull) counts.nulls += 1;
  if (fault !== undefined) counts[fault] = (counts[fault] ?? 0) + 1;
}
