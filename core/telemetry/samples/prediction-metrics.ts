import type { OutcomeSums } from './outcome-sums.ts';
import type { ScoreSums } from './score-sums.ts';
import type { FeatureCounts, PredictionSummary } from './summary.ts';

/**
 * A metric that is a ratio of sums over a window. Its value is part / of, or `then` of that; its
 * count is `of`. With `labels` it needs labels, and is provisional while few have arrived.
 */
export type Share = {
  of: (summary: PredictionSummary) => number;
  /** The predictions behind the value, where `of` is another number. */
  rows?: (summary: PredictionSummary) => number;
  part: (summary: PredictionSummary) => number;
  then?: (value: number) => number;
  labels?: true;
  /** Estimated from scores, without labels. */
  estimate?: true;
  /** For an estimate: the same metric from labels, once they arrive. */
  real?: Share;
};

type Sums<T> = (sums: T) => number;
const ofOutcomes = (of: Sums<OutcomeSums>, part: Sums<OutcomeSums>, then?: (value: number) => number): Share => ({
  of: ({ outcomes }) => (outcomes === undefined ? 0 : of(outcomes)),
  part: ({ outcomes }) => (outcomes === undefined ? 0 : part(outcomes)),
  labels: true,
  ...(then === undefined ? {} : { then }),
});
const ofScores = (real: Share, of: Sums<ScoreSums>, part: Sums<ScoreSums>): Share => ({
  of: ({ scores }) => (scores === undefined ? 0 : of(scores)),
  part: ({ scores }) => (scores === undefined ? 0 : part(scores)),
  estimate: true,
  real,
});

const accuracy: Share = { of: (s) => s.labelled, part: (s) => s.correct, labels: true };
const precision = ofOutcomes(
  (o) => o.truePositive + o.falsePositive,
  (o) => o.truePositive,
);
const recall = ofOutcomes(
  (o) => o.truePositive + o.falseNegative,
  (o) => o.truePositive,
);
const f1: Share = {
  ...ofOutcomes(
    (o) => o.truePositive + (o.falsePositive + o.falseNegative) / 2,
    (o) => o.truePositive,
  ),
  rows: ({ outcomes: o }) => (o === undefined ? 0 : o.truePositive + o.falsePositive + o.falseNegative),
};

const withScores = ({ scores }: PredictionSummary): number => scores?.probable ?? 0;

/** A label that carries its own prediction may count where no prediction did. */
function coverage(): Share {
  const then = (share: number): number => Math.min(1, share);
  return { of: (s) => s.count, part: (s) => s.labelled, then };
}

/** With calibrated scores, the expected number of correct positive predictions ... */
const truePositives = (s: ScoreSums): number => s.positiveProbabilitySum;
/** ... and of correct negative ones. */
const trueNegatives = (s: ScoreSums): number => s.probable - s.positiveProbable - (s.probabilitySum - s.positiveProbabilitySum);

/**
 * The metrics of predictions by name, except those that are no ratio of what a bucket of
 * predictions holds: auc, freshness, per-feature metrics, and metrics of labels by when they came.
 *
 * precision, recall and f1 are those of the positive class. The `estimated_` metrics need no
 * labels: they are what the scores promise, if scores are calibrated probabilities and the relation
 * of features to labels has not changed. Source: NannyML, Confidence-based Performance Estimation
 * (CBPE), for binary classifiers: each prediction adds its score to the expected true positives, or
 * 1 - score to the expected true negatives, by its predicted class.
 */
export const shares = {
  accuracy,
  positive_rate: { of: (s) => s.count, part: (s) => s.positive },
  score_mean: { of: (s) => s.scored, part: (s) => s.scoreSum },
  count: { of: (s) => s.count, part: (s) => s.count },
  labelled: { of: (s) => s.labelled, part: (s) => s.labelled },
  precision,
  recall,
  f1,
  log_loss: ofOutcomes(
    (o) => o.probable,
    (o) => o.logLossSum,
  ),
  brier: ofOutcomes(
    (o) => o.probable,
    (o) => o.brierSum,
  ),
  mae: ofOutcomes(
    (o) => o.numeric,
    (o) => o.absoluteErrorSum,
  ),
  rmse: ofOutcomes(
    (o) => o.numeric,
    (o) => o.squaredErrorSum,
    // A corrected label may leave a little less than nothing.
    (mean) => Math.sqrt(Math.max(0, mean)),
  ),
  bias: ofOutcomes(
    (o) => o.numeric,
    (o) => o.errorSum,
  ),
  estimated_accuracy: ofScores(
    accuracy,
    (s) => s.probable,
    (s) => truePositives(s) + trueNegatives(s),
  ),
  estimated_precision: ofScores(precision, (s) => s.positiveProbable, truePositives),
  estimated_recall: { ...ofScores(recall, (s) => s.probabilitySum, truePositives), rows: withScores },
  estimated_f1: { ...ofScores(f1, (s) => (s.positiveProbable + s.probabilitySum) / 2, truePositives), rows: withScores },
  label_coverage: coverage(),
  duplicate_rate: { of: (s) => s.count + (s.duplicates ?? 0), part: (s) => s.duplicates ?? 0 },
} satisfies Record<string, Share>;

const present = ({ seen, nulls }: FeatureCounts): number => seen - nulls;

/** Ratios for one feature: over records that carry it, or over its non-null values. */
export const featureShares = {
  null_rate: { of: ({ seen }) => seen, part: ({ nulls }) => nulls },
  type_error_rate: { of: present, part: ({ mistyped = 0 }) => mistyped },
  out_of_range_rate: { of: present, part: ({ outOfRange = 0 }) => outOfRange },
  unseen_rate: { of: present, part: ({ unseen = 0 }) => unseen },
} satisfies Record<string, { of: Sums<FeatureCounts>; part: Sums<FeatureCounts> }>;

export function featureShare(metric: keyof typeof featureShares, feature: string): Share {
  const { of, part } = featureShares[metric];
  const nothing: FeatureCounts = { seen: 0, nulls: 0 };
  // A feature may be called `constructor`.
  const known = (s: PredictionSummary) => (Object.hasOwn(s.features, feature) ? (s.features[feature] ?? nothing) : nothing);
  return { of: (s) => of(known(s)), part: (s) => part(known(s)) };
}
