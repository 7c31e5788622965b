import type { OutcomeSums } from './outcome-sums.ts';
import type { ScoreSums } from './score-sums.ts';
import type { FeatureCounts, PredictionSummary } from './summary.ts';

/**
 * A metric that is a share of sums over a window: its value is part / of, or what `then` makes of that, and its count is
 * `of`. `labels`: it rests on labels, so it is provisional while few of them have come.
 */
export type Share = {
  of: (summary: PredictionSummary) => number;
  part: (summary: PredictionSummary) => number;
  then?: (value: number) => number;
  labels?: true;
  /** Estimated from scores, without labels. */
  estimate?: true;
  /** Of an estimate: what labels say when they have come. */
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
const f1 = ofOutcomes(
  (o) => o.truePositive + (o.falsePositive + o.falseNegative) / 2,
  (o) => o.truePositive,
);

/** With calibrated scores this many of the predictions of the positive class are expected to be right, ... */
const truePositives = (s: ScoreSums): number => s.positiveProbabilitySum;
/** ... and so many of the negative class. */
const trueNegatives = (s: ScoreSums): number => s.probable - s.positiveProbable - (s.probabilitySum - s.positiveProbabilitySum);

/**
 * The metrics of predictions by name, but for those that are no shares: auc, freshness, and those of single features.
 *
 * precision, recall and f1 are those of the positive class. The `estimated_` ones need no labels: they are what the scores
 * promise, where these are calibrated probabilities and the way from features to labels has not changed.
 * Source: NannyML, Confidence-based Performance Estimation (CBPE), for binary classifiers; each prediction adds its score to
 * the expected true positives, or 1 - score to the expected true negatives, as its class is.
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
    Math.sqrt,
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
  estimated_recall: ofScores(recall, (s) => s.probabilitySum, truePositives),
  estimated_f1: ofScores(f1, (s) => (s.positiveProbable + s.probabilitySum) / 2, truePositives),
  duplicate_rate: { of: (s) => s.count + (s.duplicates ?? 0), part: (s) => s.duplicates ?? 0 },
} satisfies Record<string, Share>;

const present = ({ seen, nulls }: FeatureCounts): number => seen - nulls;

/** Shares of one feature: of the records that carry it, or of the values that are there. */
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
