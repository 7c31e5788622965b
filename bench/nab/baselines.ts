import type { LabelledSeries } from './corpus.ts';

/** A detector as NAB sees one: a score for every row, none of which may depend on a later row. */
export type Detect = (series: LabelledSeries) => number[];

export const nullDetector: Detect = ({ values }) => values.map(() => 0.5);

/** Uniform scores from a linear congruential generator, the same on every run. */
export const randomDetector: Detect = ({ values }) => {
  let seed = 42;
  return values.map(() => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  });
};

/**
 * One minus the Gaussian tail probability of the value under the mean and deviation of the 1,000
 * values before it.
 */
export const windowedGaussian: Detect = ({ values }) => {
  const size = 1000;
  let [sum, squares] = [0, 0];
  return values.map((value, i) => {
    const count = Math.min(i, size);
    const mean = count === 0 ? 0 : sum / count;
    const deviation = count === 0 ? 1 : Math.sqrt(Math.max(squares / count - mean * mean, 0)) || 1e-6;
    const dropped = i >= size ? (values[i - size] ?? 0) : 0;
    sum += value - dropped;
    squares += value * value - dropped * dropped;
    return count === 0 ? 0 : 1 - gaussianTail(Math.abs(value - mean) / deviation);
  });
};

/**
 * Abramowitz and Stegun 7.1.26 has an error of 1e-7, too coarse in the tail; this is the continued
 * fraction for z > 3.
 */
function gaussianTail(z: number): number {
  if (z > 3) {
    let fraction = 0;
    for (let k = 40; k >= 1; k -= 1) fraction = k / (z + fraction);
    return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / (z + fraction);
  }
  let [term, sum] = [z, z];
  for (let k = 1; k < 60; k += 1) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
