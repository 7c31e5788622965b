import { chiSquareTail } from '../../statistics/chi-square.ts';
import type { DriftMeasure } from '../../statistics/distributions/measures.ts';
import { betaLower } from '../../statistics/incomplete-beta.ts';
import { kolmogorovTail } from '../../statistics/kolmogorov.ts';

/**
 * A proportion of `count` samples with the true value `ratio`, and what it must exceed to breach.
 */
export type ProportionTested = {
  ratio: number;
  count: number;
  bound: number;
  /** 1: higher is worse; -1: lower is worse. */
  sign: 1 | -1;
  /** The z of the interval that must lie past the bound; 0: the value itself must. */
  z: number;
  /** The variance of the bound (its baseline varies too), relative to that of the value. */
  noise: number;
};

/**
 * The chance that one point breaches without any change: its binomial tail past the value whose
 * Wilson interval ends at the bound. A varying bound counts as correspondingly fewer samples.
 */
export function breachChance({ ratio, count, bound, sign, z, noise }: ProportionTested): number {
  if (!(count >= 1) || !(ratio >= 0 && ratio <= 1)) return 0;
  const inside = Math.min(1, Math.max(0, bound));
  const edge = bound + sign * z * Math.sqrt((inside * (1 - inside)) / count);
  const least = sign * count * edge;
  // Whole samples past the edge: below it for a drop, above it for a rise.
  const bad = sign === 1 ? ratio : 1 - ratio;
  const needed = sign === 1 ? Math.floor(least) + 1 : count - (Math.ceil(-least) - 1);
  const fewer = 1 + noise;
  return upperTail((needed - 0.5) / fewer + 0.5, count / fewer, bad);
}

/** The chance of at least `needed` of `count`, each with chance `each`; both may be fractional. */
function upperTail(needed: number, count: number, each: number): number {
  if (needed <= 0) return 1;
  if (needed > count) return 0;
  return betaLower(each, 1 - each, needed, count - needed + 1);
}

/**
 * The chance that drift of a feature that has not changed reaches a bound of its size, for its size
 * alone. All measures of binned values are, for small differences, that of Pearson's chi-square
 * over the same bins: PSI is chi-square (n + m) / (n m), 8 times a Jensen-Shannon divergence in
 * nats, 8 squares of a Hellinger distance, and at least 4 squares of a total variation or an
 * L-infinity distance, plain or robust. For Wasserstein, and for shares of values that a baseline
 * refuses, there is none, and 1 is the answer.
 */
export function driftSizeChance(
  measure: DriftMeasure,
  bound: number,
  { current, baseline, degrees }: { current: number; baseline: number; degrees: number },
): number {
  const effective = (current * baseline) / (current + baseline);
  switch (measure) {
    case 'wasserstein':
    case 'violations':
    case 'outliers':
    case 'outliers_z':
      return 1;
    case 'ks':
      return kolmogorovTail(bound * Math.sqrt(effective));
    case 'chi2':
      return tail(bound * bound * (current + baseline), degrees);
    case 'psi':
      return tail(bound * effective, degrees);
    case 'js':
      return tail(8 * Math.LN2 * bound * bound * effective, degrees);
    case 'hellinger':
      return tail(8 * bound * bound * effective, degrees);
    case 'tv':
    case 'linf':
    case 'linf_robust':
      return tail(4 * bound * bound * effective, degrees);
  }
}

const tail = (statistic: number, degrees: number): number => (degrees >= 1 ? chiSquareTail(statistic, degrees) : 0);
