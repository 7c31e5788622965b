import { meaninglessBy, meaninglessBySeen, type PredictionMetric, seenIn } from '../metric-meaning.ts';
import { type FeatureProfile, type FeatureValue, mergeProfiles, profileOf } from '../profiles/profile.ts';
import { deltaSums } from '../samples/deltas.ts';
import { canonicalOutcome } from '../samples/outcome.ts';
import { noOutcomes } from '../samples/outcome-sums.ts';
import { type Share, shares } from '../samples/prediction-metrics.ts';
import { profiledFeatures } from '../samples/profile-parts.ts';
import { aucOf } from '../samples/score-quality.ts';
import { movingScores } from '../samples/score-slots.ts';
import { mergeSummary, type PredictionSummary, seriesRef } from '../samples/summary.ts';
import { declarationOf } from '../sources/kinds/feature-declaration.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import { predictionMetrics } from '../sources/kinds/predictions-query.ts';
import type { TrainingRow } from './posted.ts';
import { mostFeatures, type TrainingFeatures, type TrainingMetric } from './training.ts';

export type TrainingSums = { rows: number; features: TrainingFeatures; metrics: Record<string, TrainingMetric> };

/** Rows buffered before summing, which takes a few milliseconds. */
const rowsAtOnce = 1000;

/**
 * Sums training rows in bounded memory, however many: profiles of the features the source profiles
 * (if it names none, of up to 500), and every metric the rows allow, with the formulas used for
 * live predictions.
 */
export function trainingSums(source: PredictionsSourceConfig) {
  const named = profiledFeatures(source);
  const profiles = new Map<string, FeatureProfile>();
  let pending: TrainingRow[] = [];
  let rows = 0;
  let summary: PredictionSummary | undefined;

  const sumUp = (): void => {
    if (pending.length === 0) return;
    const names = new Set(named.length > 0 ? named : profiles.keys());
    if (named.length === 0) for (const { features } of pending) for (const name of Object.keys(features)) names.add(name);
    for (const name of [...names].slice(0, mostFeatures)) {
      const values = pending.map(({ features }): FeatureValue => (Object.hasOwn(features, name) ? features[name] : null));
      const profile = profileOf(values, declarationOf(name, source));
      const before = profiles.get(name);
      // A feature that first appears late was null in all earlier rows.
      const known = before ?? (rows === 0 ? undefined : { count: rows, nulls: rows, distinct: [] });
      profiles.set(name, known === undefined ? profile : mergeProfiles(known, profile));
    }
    summary = withOutcomes(summary, source, pending);
    rows += pending.length;
    pending = [];
  };

  return {
    add(row: TrainingRow): void {
      pending.push(row);
      if (pending.length === rowsAtOnce) sumUp();
    },
    finish(): TrainingSums {
      sumUp();
      return { rows, features: Object.fromEntries(profiles), metrics: summary === undefined ? {} : metricsOf(summary, source) };
    },
  };
}

function withOutcomes(
  known: PredictionSummary | undefined,
  source: PredictionsSourceConfig,
  rows: readonly TrainingRow[],
): PredictionSummary | undefined {
  const sums = deltaSums({ ...source, profiles: false, features: undefined, schema: undefined });
  const series = seriesRef('', 'training', {});
  for (const { prediction, label, score } of rows) {
    if (prediction === undefined) continue;
    const record = {
      id: undefined,
      timestamp: 0,
      model: undefined,
      version: undefined,
      features: undefined,
      prediction,
      score,
      label,
    };
    sums.addPrediction(
      series,
      0,
      record,
      canonicalOutcome(prediction),
      label === undefined ? undefined : canonicalOutcome(label),
    );
  }
  const [delta] = sums.deltas();
  if (delta === undefined) return known;
  return (known === undefined ? delta.summary : mergeSummary(known, delta.summary)) as PredictionSummary;
}

/** Volume says nothing about quality. */
const noMetrics: readonly string[] = ['count', 'labelled', 'duplicate_rate', 'label_coverage'];

/**
 * Those that mean something for what the source declares, or for the rows where it declares
 * nothing.
 */
function metricsOf(summary: PredictionSummary, source: PredictionsSourceConfig): Record<string, TrainingMetric> {
  const metrics: Record<string, TrainingMetric> = {};
  const seen = seenIn(summary.labelled, summary.outcomes ?? noOutcomes());
  const isMeaningless = (metric: PredictionMetric): boolean =>
    (meaninglessBy(metric, '', source) ?? meaninglessBySeen(metric, '', seen, source)) !== undefined;
  for (const [name, { of, part, then, rows = of }] of Object.entries<Share>(shares)) {
    const whole = of(summary);
    if (noMetrics.includes(name) || !(whole > 0)) continue;
    const value = part(summary) / whole;
    const metric = { value: then === undefined ? value : then(value), count: rows(summary) };
    if (Number.isFinite(metric.value)) metrics[name] = metric;
  }
  const auc = aucOf(movingScores(1, () => summary.scores)(0, 1));
  if (auc !== undefined) metrics['auc'] = { value: auc.auc, count: auc.count };
  for (const metric of predictionMetrics) if (metrics[metric] !== undefined && isMeaningless(metric)) delete metrics[metric];
  return metrics;
}
