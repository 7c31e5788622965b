import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../core/statistics/benjamini-hochberg.ts';
import { fisherExact } from '../../core/statistics/fisher-exact.ts';
import { twoProportions } from '../../core/statistics/two-proportions.ts';
import { welch } from '../../core/statistics/welch.ts';
import { given } from './distributions/given.ts';

describe('Benjamini-Hochberg', () => {
  it('worked by hand: the third of four smallest decides for those below it', () => {
    expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.5]).pValues).toEqual(
      [0.04, 0.04 * (4 / 3), 0.04 * (4 / 3), 0.5].map((p) => expect.closeTo(p, 14)),
    );
  });

  it('does not count what was no test', () => {
    const found = benjaminiHochberg([undefined, 0.02, Number.NaN, 0.5]);
    expect(found).toEqual({ pValues: [undefined, 0.04, undefined, 0.5], tested: 2 });
    expect(benjaminiHochberg([])).toEqual({ pValues: [], tested: 0 });
    expect(benjaminiHochberg([undefined])).toEqual({ pValues: [undefined], tested: 0 });
  });

  it('never lowers a p-value, keeps their order and ignores that of the input', () => {
    const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(pValues, (list) => {
        const adjusted = benjaminiHochberg(list).pValues as number[];
        const turned = benjaminiHochberg([...list].reverse()).pValues.reverse();
        expect(turned).toEqual(adjusted);
        for (const [i, p] of list.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, q] of list.entries()) if (p <= q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] as number);
        }
      }),
    );
  });

  it('refuses what is no probability', () => {
    expect(() => benjaminiHochberg([0.1, 1.2])).toThrow('p-value 1 is 1.2; give probabilities between 0 and 1');
  });
});

describe("Fisher's exact test", () => {
  it('of the lady tasting tea: four of four cups told right is 1 in 70', () => {
    expect(fisherExact(4, 4, 4, 8, 'greater')).toBeCloseTo(1 / 70, 14);
    expect(fisherExact(4, 4, 4, 8, 'two-sided')).toBeCloseTo(2 / 70, 14);
    expect(fisherExact(4, 4, 4, 8, 'less')).toBe(1);
  });
});

const counts = fc.tuple(fc.nat(40), fc.nat(40)).map(([successes, others]) => ({ successes, count: successes + others + 1 }));

describe('two proportions', () => {
  it('give numbers within their bounds for any counts, and an interval that holds the difference', () => {
    fc.assert(
      fc.property(counts, counts, (baseline, current) => {
        const { difference, low, high, pValue } = given(twoProportions(baseline, current));
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low - 1e-12).toBeLessThanOrEqual(difference);
        expect(high + 1e-12).toBeGreaterThanOrEqual(difference);
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('say the same of a rise and of the fall that undoes it', () => {
    fc.assert(
      fc.property(counts, counts, (baseline, current) => {
        const rise = given(twoProportions(baseline, current, { side: 'greater' }));
        const fall = given(twoProportions(current, baseline, { side: 'less' }));
        expect(fall.pValue).toBeCloseTo(rise.pValue, 12);
        expect(fall.low).toBeCloseTo(-rise.high, 12);
      }),
    );
  });

  it('of nothing but successes do not differ', () => {
    expect(given(twoProportions({ successes: 9, count: 9 }, { successes: 4, count: 4 }))).toMatchObject({
      difference: 0,
      pValue: 1,
    });
  });

  it.each([
    [
      { successes: 0, count: 0 },
      'two proportions refused: the baseline has 0 of 0, expected whole numbers and at least one sample',
    ],
    [
      { successes: 3, count: 2 },
      'two proportions refused: the baseline has 3 of 2, expected whole numbers and at least one sample',
    ],
    [
      { successes: Number.NaN, count: 2 },
      'two proportions refused: the baseline has NaN of 2, expected whole numbers and at least one sample',
    ],
  ])('of %o are refused', (baseline, reason) => {
    expect(twoProportions(baseline, { successes: 1, count: 2 })).toEqual({ ok: false, reason });
  });
});

describe("Welch's test", () => {
  const moments = fc.record({
    count: fc.integer({ min: 2, max: 1e9 }),
    mean: fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
    variance: fc.double({ noNaN: true, min: 0, max: 1e300 }),
  });

  it('gives finite numbers, or a reason', () => {
    fc.assert(
      fc.property(moments, moments, (baseline, current) => {
        const found = welch(baseline, current);
        if (!found.ok) return found.reason.startsWith("Welch's test refused");
        const numbers = [found.difference, found.low, found.high, found.t, found.degreesOfFreedom, found.pValue];
        return (
          numbers.every(Number.isFinite) && found.low <= found.difference && found.difference <= found.high && found.pValue <= 1
        );
      }),
    );
  });

  it('finds no evidence where the means agree, and much where they lie many errors apart', () => {
    const baseline = { count: 100, mean: 5, variance: 4 };
    expect(given(welch(baseline, baseline)).pValue).toBe(1);
    const apart = given(welch(baseline, { count: 80, mean: 9, variance: 4 }));
    expect(apart.pValue).toBeLessThan(1e-20);
    expect(apart.low).toBeGreaterThan(3);
  });

  it.each([
    ['one value', { count: 1, mean: 0, variance: 1 }, "Welch's test refused: the baseline has 1 value, expected at least 2"],
    [
      'values that do not vary',
      { count: 9, mean: 0, variance: 0 },
      "Welch's test refused: neither the baseline nor the current values vary",
    ],
    [
      'a mean that is no number',
      { count: 9, mean: Number.NaN, variance: 0 },
      "Welch's test refused: the baseline has count 9, mean NaN, variance 0, expected finite numbers and a variance of 0 or more",
    ],
  ])('of %s is refused', (_, baseline, reason) => {
    expect(welch(baseline, { count: 5, mean: 1, variance: 0 })).toEqual({ ok: false, reason });
  });
});
