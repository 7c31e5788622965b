import { smirnovTail } from '../kolmogorov.ts';
import { noiseMargin, unitsBeyondMargin } from './l-infinity.ts';
import { largestGap } from './largest-gap.ts';
import { originOf, type Sample } from './sample.ts';
import type { DriftValue } from './value.ts';
import { asTheyAre } from './zeros.ts';

/**
 * The two-sample Kolmogorov-Smirnov test: the largest difference of the empirical distributions, 0
 * to 1, with its two-sided p-value, which is conservative under ties. `exactCells` bounds the work
 * of an exact p-value; see `smirnovTail`.
 */
export function kolmogorovSmirnov(baseline: Sample, current: Sample, options: { exactCells?: number } = {}): DriftValue {
  const { exactCells = 4_000_000 } = options;
  const n = baseline.count;
  const m = current.count;
  // A product too large for an exact integer is rounded. Paths could not be counted exactly there
  // anyway.
  const steps = largestGap(baseline, current);
  const { pValue, method } = smirnovTail(n, m, steps, exactCells);
  const value = Math.min(1, steps / (n * m));
  return {
    ok: true,
    measure: 'kolmogorov-smirnov',
    value,
    effectUnits: 'share of values',
    pValue,
    test: { method: `two-sample Kolmogorov-Smirnov, ${method}`, statistic: value },
    binning: originOf(baseline, current),
    zero: asTheyAre,
    baselineCount: n,
    currentCount: m,
  };
}

/** A `kolmogorovSmirnov` value minus `noiseMargin`, at least 0; what Deequ gives for numbers. */
export function kolmogorovSmirnovRobust(plain: DriftValue, alpha?: number): DriftValue {
  const { ok, value, binning, zero, baselineCount, currentCount } = plain;
  return {
    ok,
    measure: 'kolmogorov-smirnov robust',
    value: Math.max(0, value - noiseMargin(baselineCount, currentCount, alpha)),
    effectUnits: unitsBeyondMargin(alpha),
    binning,
    zero,
    baselineCount,
    currentCount,
  };
}
