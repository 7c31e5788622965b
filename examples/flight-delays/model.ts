import { Matrix, solve } from 'ml-matrix';
import type { Flight } from './data.ts';
import { type Features, featuresOf, featuresOfNewFeed, type LateShares, lateShares, recentLateness } from './features.ts';

/**
 * Predicted late from this probability on: at one half the model would hardly ever say so, for one
 * flight in five is late.
 */
export const lateFromScore = 0.35;

export type Model = {
  version: string;
  /** What it serves a flight with. `recentLate` as of the flight's departure. */
  featuresOf: (flight: Flight, recentLate: number | null) => Features;
  /** Probability that a flight with these features is late. */
  score: (features: Features) => number;
};

export const versions = { good: '2001-01.a', faulty: '2001-03.b' } as const;

/**
 * Both versions, trained on the same flights; the second differs in the code that makes its
 * features when serving.
 */
export function trainVersions(training: readonly Flight[]): Record<keyof typeof versions, Model> {
  const { shares, score } = train(training, recentLateness(training));
  return {
    good: { version: versions.good, score, featuresOf: (flight, recent) => featuresOf(flight, shares, recent) },
    faulty: { version: versions.faulty, score, featuresOf: (flight, recent) => featuresOfNewFeed(flight, shares, recent) },
  };
}

/**
 * Accuracy on flights that were held back, by cross-validation over the training month in blocks of
 * every fifth flight. This is what the team would promise of the model, hence the baseline of its
 * accuracy rule.
 */
export function heldBackAccuracy(training: readonly Flight[], folds = 5): number {
  const recent = recentLateness(training);
  let correct = 0;
  for (let fold = 0; fold < folds; fold += 1) {
    const kept = training.filter((_, index) => index % folds !== fold);
    const { shares, score } = train(
      kept,
      recent.filter((_, index) => index % folds !== fold),
    );
    for (let index = fold; index < training.length; index += folds) {
      const flight = training[index] as Flight;
      const predicted = score(featuresOf(flight, shares, recent[index] ?? null)) >= lateFromScore;
      if (predicted === flight.late) correct += 1;
    }
  }
  return correct / training.length;
}

/** Folds of the training flights from which the shares of the others are taken. */
const shareFolds = 5;

/**
 * A logistic regression. The airports' shares of a training flight come from the other four fifths
 * of the flights: were its own outcome in them, the model would learn to read it from there.
 */
function train(flights: readonly Flight[], recent: readonly (number | null)[]): { shares: LateShares; score: Model['score'] } {
  const sharesWithout = Array.from({ length: shareFolds }, (_, fold) =>
    lateShares(flights.filter((_flight, index) => index % shareFolds !== fold)),
  );
  const inputs = flights.map((flight, index) =>
    inputsOf(featuresOf(flight, sharesWithout[index % shareFolds] as LateShares, recent[index] ?? null)),
  );
  const scaling = scalingOf(inputs);
  const weights = logisticWeights(
    inputs.map((input) => scaled(input, scaling)),
    flights.map((flight) => Number(flight.late)),
  );
  const score = (features: Features): number => logistic(dot(weights, scaled(inputsOf(features), scaling)));
  return { shares: lateShares(flights), score };
}

/** The numbers the regression sees; a weekday is six of them, of which at most one is 1. */
function inputsOf(features: Features): (number | null)[] {
  const { hour, weekday, distance, originLate, destinationLate, recentLate } = features;
  return [hour, distance, originLate, destinationLate, recentLate, ...[1, 2, 3, 4, 5, 6].map((day) => Number(day === weekday))];
}

type Scaling = { mean: number; deviation: number }[];

function scalingOf(rows: readonly (number | null)[][]): Scaling {
  return (rows[0] ?? []).map((_, column) => {
    const values = rows.flatMap((row) => row[column] ?? []);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
}

/**
 * To mean 0 and deviation 1, with the intercept's 1 in front; what is not known becomes the mean.
 */
function scaled(row: readonly (number | null)[], scaling: Scaling): number[] {
  return [1, ...scaling.map(({ mean, deviation }, column) => ((row[column] ?? mean) - mean) / deviation)];
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Weights of largest likelihood by iteratively reweighted least squares, with a ridge of 1 on all
 * but the intercept. Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning,
 * 2nd ed., section 4.4.1. No randomness: the same flights give the same weights.
 */
function logisticWeights(rows: readonly number[][], outcomes: readonly number[]): number[] {
  const width = rows[0]?.length ?? 0;
  const x = new Matrix(rows as number[][]);
  const ridge = Matrix.diag(Array.from({ length: width }, (_, column) => (column === 0 ? 0 : 1)));
  let weights = Matrix.zeros(width, 1);
  for (let round = 0; round < 25; round += 1) {
    const probabilities = x.mmul(weights).to1DArray().map(logistic);
    const errors = Matrix.columnVector(outcomes.map((outcome, i) => outcome - (probabilities[i] ?? 0)));
    const weighted = x.clone().mulColumnVector(probabilities.map((p) => p * (1 - p)));
    const gradient = x.transpose().mmul(errors).sub(ridge.mmul(weights));
    const step = solve(x.transpose().mmul(weighted).add(ridge), gradient);
    weights = Matrix.add(weights, step);
    if (step.norm('max') < 1e-9) break;
  }
  return weights.to1DArray();
}
