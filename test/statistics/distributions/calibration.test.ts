import { describe, expect, it } from 'vitest';
import { binned, quantileBinning } from '../../../core/statistics/distributions/binning.ts';
import { chiSquareHomogeneity } from '../../../core/statistics/distributions/chi-square.ts';
import { kolmogorovSmirnov } from '../../../core/statistics/distributions/kolmogorov-smirnov.ts';
import { populationStabilityIndex } from '../../../core/statistics/distributions/psi.ts';
import { sampleOf } from '../../../core/statistics/distributions/sample.ts';
import { tableOf } from '../../../core/statistics/distributions/table.ts';
import { given, uniform } from './given.ts';

/**
 * The p-values of 1,500 pairs of samples, bins taken from the baseline sample itself, as in use.
 */
function pValues(baselineCount: number, currentCount: number, shift: number) {
  const random = uniform(baselineCount);
  const draw = (count: number, by: number) => given(sampleOf(Array.from({ length: count }, () => -Math.log(random()) + by)));
  return Array.from({ length: 1500 }, () => {
    const baseline = draw(baselineCount, 0);
    const current = draw(currentCount, shift);
    const binning = quantileBinning(baseline);
    const table = given(tableOf(binned(baseline, binning), binned(current, binning)));
    return {
      psi: given(populationStabilityIndex(table)).pValue,
      chiSquare: given(chiSquareHomogeneity(table)).pValue,
      ks: kolmogorovSmirnov(baseline, current).pValue,
    };
  });
}

describe.each([
  [400, 200],
  [150, 150],
  [2000, 90],
])('%d values against %d', (baselineCount, currentCount) => {
  const under = (list: (number | undefined)[], bound: number): number =>
    list.filter((p) => p !== undefined && p <= bound).length / list.length;

  it('without drift, p is at most 5 % in about 5 % of the cases', () => {
    const found = pValues(baselineCount, currentCount, 0);
    for (const measure of ['psi', 'chiSquare', 'ks'] as const) {
      const share = under(
        found.map((each) => each[measure]),
        0.05,
      );
      // Four standard errors of 1,500 trials are 0.0225.
      expect(share, measure).toBeLessThan(0.0725);
      expect(share, measure).toBeGreaterThan(0.02);
    }
  });

  it('with a shift of half a standard deviation, nearly always', () => {
    const found = pValues(baselineCount, currentCount, 0.5);
    for (const measure of ['psi', 'chiSquare', 'ks'] as const) {
      expect(
        under(
          found.map((each) => each[measure]),
          0.05,
        ),
        measure,
      ).toBeGreaterThan(0.9);
    }
  });
});
