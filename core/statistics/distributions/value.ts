export const measures = [
  'psi',
  'jensen-shannon distance',
  'jensen-shannon divergence',
  'hellinger',
  'total variation',
  'l-infinity',
  'l-infinity robust',
  'chi-square',
  'kolmogorov-smirnov',
  'kolmogorov-smirnov robust',
  'wasserstein',
  'violations',
  'outliers by interquartile range',
  'outliers by robust z',
] as const;
export type Measure = (typeof measures)[number];

/**
 * How far current values are from the baseline's (0: not at all), and how likely that is without
 * drift. Carries everything the number depends on, so that only like values are compared (see
 * `differentTerms`).
 */
export type DriftValue = {
  ok: true;
  measure: Measure;
  /** The size of the effect, in `effectUnits`. */
  value: number;
  effectUnits: string;
  /**
   * The chance of a value at least this large without drift. Absent if the measure has none or
   * counts are too small.
   */
  pValue?: number;
  /** Where the p-value comes from: test, statistic, degrees of freedom. */
  test?: { method: string; statistic: number; degreesOfFreedom?: number };
  /** The bins or the origin of the values, such as `10 quantiles #5bf2a0c1`. */
  binning: string;
  /** How empty bins were handled, such as `0.5 added to each count`, or `as they are`. */
  zero: string;
  /** The base of the logarithm, for measures that take one. */
  logBase?: 'e' | '2';
  baselineCount: number;
  currentCount: number;
};

/** What a value depends on besides the data. */
type Terms = Pick<DriftValue, 'measure' | 'effectUnits' | 'binning' | 'zero' | 'logBase'>;

/**
 * A drift value as an alert keeps it, with everything its number depends on. `pValue` is the one
 * judged by: adjusted for the `tested` features compared together.
 */
export type KeptDrift = Omit<DriftValue, 'ok' | 'test'> & { tested: number };

export function keptDrift(
  { measure, value, effectUnits, binning, zero, logBase, baselineCount, currentCount }: DriftValue,
  { pValue, tested }: { pValue: number | undefined; tested: number },
): KeptDrift {
  return {
    measure,
    value,
    effectUnits,
    ...(pValue !== undefined && { pValue }),
    binning,
    zero,
    ...(logBase !== undefined && { logBase }),
    baselineCount,
    currentCount,
    tested,
  };
}

/** `psi over 10 quantiles #5bf2a0c1, 0.5 added to each count, logarithm to base e` */
export function termsText({ measure, binning, zero, logBase }: Omit<Terms, 'effectUnits'>): string {
  const empty = zero === 'as they are' ? 'empty bins as they are' : zero;
  return `${measure} over ${binning}, ${empty}${logBase === undefined ? '' : `, logarithm to base ${logBase}`}`;
}

/** Why two values must not be compared, or undefined when they may. */
export function differentTerms(a: Terms, b: Terms): string | undefined {
  for (const term of ['measure', 'effectUnits', 'binning', 'zero', 'logBase'] as const) {
    if (a[term] !== b[term]) return `not comparable: ${term} ${a[term] ?? 'none'} and ${b[term] ?? 'none'}`;
  }
  return undefined;
}
