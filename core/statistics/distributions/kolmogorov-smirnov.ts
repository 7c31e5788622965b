import { smirnovTail } from '../kolmogorov.ts';
import { noiseMargin, unitsBeyondMargin } from './l-infinity.ts';
import { largestGap } from './largest-gap.ts';
import { originOf, type Sample } from './sample.ts';
import type { DriftValue } from './value.ts';
import { asTheyAre } from './zeros.ts';

/**
 * The two-sample Kolmogorov-Smirnov test: the largest difference of the empirical distributions, 0 to 1, and its two-sided
 * p-value, which is conservative for tied values. `smirnovTail` says when it is exact; `exactCells` bounds the work for that.
 */
export function kolmogorovSmirnov(baseline: Sample, current: Sample, options: { exactCells?: number } = {}): DriftValue {
  const { exactCells = 4_000_000 } = options;
  const n = baseline.count;
  const m = current.count;
  // A product too large for an exact whole number is rounded, and no path could be counted over it anyway.
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

/** What is left of a `kolmogorovSmirnov` value after `noiseMargin`, at least 0; as Deequ gives for numbers. */
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
