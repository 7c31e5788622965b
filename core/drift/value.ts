export type Measure =
  | 'psi'
  | 'jensen-shannon distance'
  | 'jensen-shannon divergence'
  | 'hellinger'
  | 'total variation'
  | 'l-infinity'
  | 'l-infinity robust'
  | 'chi-square'
  | 'kolmogorov-smirnov'
  | 'kolmogorov-smirnov robust'
  | 'wasserstein';

/**
 * How far the current values lie from the baseline's, 0 when not at all, and how likely that is without drift. It names all
 * that its number depends on, so that a stored value is compared only with its like (see `differentTerms`).
 */
export type DriftValue = {
  ok: true;
  measure: Measure;
  /** The size of the effect, in `effectUnits`. */
  value: number;
  effectUnits: string;
  /** Without drift, the chance of a value at least as large; absent where the measure has none or the counts are too small. */
  pValue?: number;
  /** What the p-value comes from: the test, its statistic and its degrees of freedom. */
  test?: { method: string; statistic: number; degreesOfFreedom?: number };
  /** The bins or the origin of the values, such as `10 quantiles #5bf2a0c1`. */
  binning: string;
  /** What was done about empty bins, such as `0.5 added to each count`; `as they are` when nothing. */
  zero: string;
  /** The base of the logarithm, for measures that take one. */
  logBase?: 'e' | '2';
  baselineCount: number;
  currentCount: number;
};

/** Why two values must not be compared, or undefined when they may. */
export function differentTerms(a: DriftValue, b: DriftValue): string | undefined {
  for (const term of ['measure', 'effectUnits', 'binning', 'zero', 'logBase'] as const) {
    if (a[term] !== b[term]) return `not comparable: ${term} ${a[term] ?? 'none'} and ${b[term] ?? 'none'}`;
  }
  return undefined;
}
