/**
 * Sums over labelled predictions. A window is the sum of its parts. The positive class is `1` (also
 * true, yes); every other class is negative.
 */
export type OutcomeSums = {
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
  /** Pairs of a numeric prediction and numeric label, and sums of prediction - label over them. */
  numeric: number;
  errorSum: number;
  absoluteErrorSum: number;
  squaredErrorSum: number;
  /** Labels of 0 or 1 whose prediction had a probability as its score. */
  probable: number;
  logLossSum: number;
  brierSum: number;
};

const none: OutcomeSums = {
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
  numeric: 0,
  errorSum: 0,
  absoluteErrorSum: 0,
  squaredErrorSum: 0,
  probable: 0,
  logLossSum: 0,
  brierSum: 0,
};

export const noOutcomes = (): OutcomeSums => ({ ...none });

/** Whether a score is the probability of the positive class. */
export const isProbability = (score: number | undefined): score is number => score !== undefined && score >= 0 && score <= 1;

/**
 * A wrong prediction with probability 0 or 1 would cost infinitely much, so probabilities are
 * clamped this far away.
 */
const nearest = 1e-15;
/** Squares of larger numbers overflow. */
const largest = 1e100;

/** An integer with more digits than a double holds: as a number it is the nearest double. */
const longInteger = /^-?[1-9]\d{15,}$/;

/**
 * The number of a canonical outcome, or undefined. "007" is a code; `1` is both a class and a
 * number.
 */
export function numberOfOutcome(outcome: string): number | undefined {
  const value = Number(outcome);
  const isNumber = String(value) === outcome || longInteger.test(outcome);
  return isNumber && Math.abs(value) <= largest ? value : undefined;
}

/**
 * Adds one labelled prediction, or takes it back; both outcomes in canonical spelling. What is
 * taken back leaves sums of decimals with the rounding of a double.
 */
export function addOutcome(
  sums: OutcomeSums,
  prediction: string,
  label: string,
  score: number | undefined,
  times: 1 | -1 = 1,
): void {
  if (prediction === '1') {
    if (label === '1') sums.truePositive += times;
    else sums.falsePositive += times;
  } else if (label === '1') sums.falseNegative += times;

  const [predicted, actual] = [numberOfOutcome(prediction), numberOfOutcome(label)];
  if (predicted !== undefined && actual !== undefined) {
    const error = predicted - actual;
    sums.numeric += times;
    sums.errorSum += times * error;
    sums.absoluteErrorSum += times * Math.abs(error);
    sums.squaredErrorSum += times * error * error;
  }
  if (isProbability(score) && (label === '0' || label === '1')) {
    const truth = label === '1' ? 1 : 0;
    const likelihood = truth === 1 ? score : 1 - score;
    sums.probable += times;
    sums.logLossSum -= times * Math.log(Math.max(likelihood, nearest));
    sums.brierSum += times * (score - truth) ** 2;
  }
}

/** Adds two records of numbers with equal keys. */
export function addedUp<T extends Record<string, number>>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Object.fromEntries(Object.entries(a).map(([key, value]) => [key, value + (b[key] ?? 0)])) as T;
}
