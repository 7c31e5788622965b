import { labelsKey } from '../../vocabulary/labels-key.ts';
import { type FeatureProfile, mergeProfiles } from '../profiles/profile.ts';
import { addedUp, type OutcomeSums } from './outcome-sums.ts';
import { mergedSpreads, type PredictionSpreads } from './prediction-spreads.ts';
import { mergeScores, type ScoreSums } from './score-sums.ts';
import type { Stakes } from './stakes.ts';
import { mergedDetail, type ValueDetail, type ValueNumbers } from './value-detail.ts';

/**
 * Bucket contents for plain samples. Merging is associative and commutative, except for ties of
 * `lastAt`.
 */
export type ValueSummary = { kind: 'values' } & ValueNumbers & ValueDetail;

/** Bucket contents for predictions. Every model metric derives from these counts. */
export type PredictionSummary = {
  kind: 'predictions';
  /** Predictions made. */
  count: number;
  /** Predictions whose label is known. */
  labelled: number;
  /** Labelled predictions that were correct. */
  correct: number;
  /** Predictions of the positive class (`1`, `true`, `yes`). */
  positive: number;
  /** Predictions with a score, and the sum of the scores. */
  scored: number;
  scoreSum: number;
  /** Per feature: records that carried it or should have, and how many of these were null. */
  features: Record<string, FeatureCounts>;
} & PredictionDetail;

/** How often a feature was present, and what its declaration refused, if anything. */
export type FeatureCounts = { seen: number; nulls: number; mistyped?: number; outOfRange?: number; unseen?: number };

/**
 * What only some predictions have; each absent if none has it. Stored beside the numbers that every
 * evaluation reads.
 */
export type PredictionDetail = {
  outcomes?: OutcomeSums;
  scores?: ScoreSums;
  /** Predictions resent with an earlier id; not included in `count`. */
  duplicates?: number;
  /** Timestamp of the newest record, milliseconds since the epoch. */
  newestAt?: number;
  /** What is at stake in them, where the source declares a unit. */
  stakes?: Stakes;
  /** How scores and predicted numbers are spread, where a rule asks for it. */
  spreads?: PredictionSpreads;
};

/**
 * Profiles of some features of a model, about 5 kB each. A series holds a few, so a model has
 * several such series. `count` counts predictions.
 */
export type ProfileSummary = { kind: 'profile'; count: number; features: Record<string, FeatureProfile> };

export type Summary = ValueSummary | PredictionSummary | ProfileSummary;

/**
 * A series of a source that folds into buckets. `metric` is `predictions` for prediction records,
 * `profile` for their features.
 */
export type SeriesRef = {
  source: string;
  metric: string;
  labels: Record<string, string>;
  /** Canonical text of source, metric and labels; unique. */
  key: string;
};

export type Bucket = { start: number; summary: Summary };

/** Merges two summaries of one bucket. Throws if the kinds differ: a series has one kind. */
export function mergeSummary(a: Summary, b: Summary): Summary {
  if (a.kind === 'values' && b.kind === 'values') {
    const later = b.lastAt >= a.lastAt ? b : a;
    return {
      kind: 'values',
      count: a.count + b.count,
      sum: a.sum + b.sum,
      min: Math.min(a.min, b.min),
      max: Math.max(a.max, b.max),
      last: later.last,
      lastAt: later.lastAt,
      ...mergedDetail(a, b),
    };
  }
  if (a.kind === 'predictions' && b.kind === 'predictions') {
    // In a Map, because a feature may be called `constructor` or `__proto__`.
    const features = new Map(Object.entries(a.features));
    for (const [feature, counts] of Object.entries(b.features)) {
      const known = features.get(feature);
      features.set(feature, known === undefined ? { ...counts } : mergeCounts(known, counts));
    }
    return {
      kind: 'predictions',
      count: a.count + b.count,
      labelled: a.labelled + b.labelled,
      correct: a.correct + b.correct,
      positive: a.positive + b.positive,
      scored: a.scored + b.scored,
      scoreSum: a.scoreSum + b.scoreSum,
      features: Object.fromEntries(features),
      ...mergeDetail(a, b),
    };
  }
  if (a.kind === 'profile' && b.kind === 'profile') {
    const features = new Map(Object.entries(a.features));
    for (const [feature, profile] of Object.entries(b.features)) {
      const known = features.get(feature);
      features.set(feature, known === undefined ? profile : mergeProfiles(known, profile));
    }
    return { kind: 'profile', count: a.count + b.count, features: Object.fromEntries(features) };
  }
  throw new TypeError(`cannot merge buckets of kinds ${a.kind} and ${b.kind}`);
}

function mergeCounts(a: FeatureCounts, b: FeatureCounts): FeatureCounts {
  const merged: FeatureCounts = { seen: a.seen + b.seen, nulls: a.nulls + b.nulls };
  for (const name of ['mistyped', 'outOfRange', 'unseen'] as const) {
    const sum = (a[name] ?? 0) + (b[name] ?? 0);
    if (sum > 0) merged[name] = sum;
  }
  return merged;
}

function mergeDetail(a: PredictionDetail, b: PredictionDetail): PredictionDetail {
  const outcomes = addedUp(a.outcomes, b.outcomes);
  const scores = mergeScores(a.scores, b.scores);
  const stakes = addedUp(a.stakes, b.stakes);
  const duplicates = (a.duplicates ?? 0) + (b.duplicates ?? 0);
  const newestAt = Math.max(a.newestAt ?? Number.NEGATIVE_INFINITY, b.newestAt ?? Number.NEGATIVE_INFINITY);
  return {
    ...(outcomes === undefined ? {} : { outcomes }),
    ...(scores === undefined ? {} : { scores }),
    ...(stakes === undefined ? {} : { stakes }),
    ...(duplicates === 0 ? {} : { duplicates }),
    ...(newestAt === Number.NEGATIVE_INFINITY ? {} : { newestAt }),
    ...mergedSpreads(a.spreads, b.spreads),
  };
}

export function seriesRef(source: string, metric: string, labels: Record<string, string>): SeriesRef {
  return { source, metric, labels, key: `${source}|${metric}|${labelsKey(labels)}` };
}
