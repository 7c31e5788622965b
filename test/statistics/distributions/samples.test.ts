import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, kolmogorovSmirnovRobust } from '../../../core/statistics/distributions/kolmogorov-smirnov.ts';
import { sampleOf, weightedSample } from '../../../core/statistics/distributions/sample.ts';
import { wasserstein } from '../../../core/statistics/distributions/wasserstein.ts';
import { given, sampleWith, uniform, values } from './given.ts';

const sorted = (list: readonly number[]): number[] => [...list].sort((a, b) => a - b);

/** The same values as a list of different ones with their counts. */
function weighted(list: readonly number[]) {
  const different = sorted([...new Set(list.map((value) => value + 0))]);
  const counts = different.map((value) => list.filter((each) => each === value).length);
  return given(weightedSample(different, counts, 'a histogram'));
}

/** The definition, at every value: quadratic, so for checking only. */
function largestDifference(a: readonly number[], b: readonly number[]): number {
  const share = (list: readonly number[], upTo: number): number => list.filter((value) => value <= upTo).length / list.length;
  return Math.max(...[...a, ...b].map((value) => Math.abs(share(a, value) - share(b, value))));
}

describe('the Kolmogorov-Smirnov difference', () => {
  it('is that of the definition, ties included', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(kolmogorovSmirnov(sampleWith(...a), sampleWith(...b)).value).toBeCloseTo(largestDifference(a, b), 12);
      }),
    );
  });

  it('is that of the definition for samples walked by blocks, with few levels and with many', () => {
    const random = uniform(7);
    for (const levels of [2, 9, 300, 1e9]) {
      for (const shift of [0, 0.02, 0.4]) {
        const drawn = (count: number, by: number): number[] =>
          Array.from({ length: count }, () => Math.floor((random() + by) * levels));
        const a = drawn(700, 0);
        const b = drawn(450, shift);
        expect(kolmogorovSmirnov(sampleWith(...a), sampleWith(...b)).value).toBeCloseTo(largestDifference(a, b), 12);
        expect(kolmogorovSmirnov(sampleWith(...b), sampleWith(...a)).value).toBeCloseTo(largestDifference(a, b), 12);
      }
    }
  });

  it('is the same both ways round, for the order of values, and after a rising transform', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const there = kolmogorovSmirnov(sampleWith(...a), sampleWith(...b));
        const back = kolmogorovSmirnov(sampleWith(...[...b].reverse()), sampleWith(...a));
        const doubled = (list: number[]): number[] => list.map((value) => Math.atan(value));
        const transformed = kolmogorovSmirnov(sampleWith(...doubled(a)), sampleWith(...doubled(b)));
        expect([back.value, back.pValue]).toEqual([there.value, there.pValue]);
        // An arc tangent may make two huge values one, never two of one.
        expect(transformed.value).toBeLessThanOrEqual(there.value);
        expect(there.pValue).toBeGreaterThanOrEqual(0);
        expect(there.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is 1 between samples that lie apart, with p = 2 / C(n + m, n)', () => {
    const apart = kolmogorovSmirnov(sampleWith(1, 2, 3), sampleWith(10, 11));
    expect(apart.value).toBe(1);
    expect(apart.pValue).toBeCloseTo(2 / 10, 14);
    expect(apart.test?.method).toBe('two-sample Kolmogorov-Smirnov, exact');
  });

  it('has a smaller p-value the larger it is', () => {
    const baseline = sampleWith(...Array.from({ length: 40 }, (_, i) => i));
    let before = 2;
    for (let shift = 0; shift <= 40; shift += 4) {
      const { pValue = Number.NaN } = kolmogorovSmirnov(
        baseline,
        sampleWith(...Array.from({ length: 31 }, (_, i) => i * 1.25 + 0.1 + shift)),
      );
      expect(pValue).toBeLessThanOrEqual(before);
      before = pValue;
    }
    expect(before).toBeLessThan(1e-15);
  });

  it('says when its p-value is a limit, which is near the exact one', () => {
    const random = uniform(3);
    const draw = (count: number, by: number) => sampleWith(...Array.from({ length: count }, () => random() + by));
    const [baseline, current] = [draw(3000, 0), draw(2101, 0.03)];
    const limit = kolmogorovSmirnov(baseline, current, { exactCells: 1000 });
    const exact = kolmogorovSmirnov(baseline, current);
    expect(limit.test?.method).toBe('two-sample Kolmogorov-Smirnov, asymptotic');
    expect(exact.test?.method).toBe('two-sample Kolmogorov-Smirnov, exact');
    expect((limit.pValue ?? 0) / (exact.pValue ?? 0)).toBeGreaterThan(0.95);
    expect((limit.pValue ?? 0) / (exact.pValue ?? 0)).toBeLessThan(1.05);
  });

  it('less the margin of noise is 0 for few values', () => {
    expect(kolmogorovSmirnovRobust(kolmogorovSmirnov(sampleWith(1, 2, 3), sampleWith(2, 3, 4))).value).toBe(0);
    const far = kolmogorovSmirnov(
      sampleWith(...Array(100).keys()),
      sampleWith(...Array.from(Array(100).keys(), (i) => i + 1000)),
    );
    expect(kolmogorovSmirnovRobust(far).value).toBeCloseTo(1 - 1.8 * Math.sqrt(2 / 100), 14);
  });
});

describe('the Wasserstein distance', () => {
  it('worked by hand: one of four values moved by 2 is half a unit', () => {
    expect(given(wasserstein(sampleWith(0, 1, 2, 3), sampleWith(0, 1, 2, 5), 'none')).value).toBeCloseTo(0.5, 14);
    expect(given(wasserstein(sampleWith(0, 1), sampleWith(0, 1, 1), 'none')).value).toBeCloseTo(1 / 6, 14);
  });

  it('is the shift, in standard deviations of the baseline', () => {
    const shifted = given(wasserstein(sampleWith(1, 2, 3, 4), sampleWith(4, 5, 6, 7)));
    expect(shifted.value).toBeCloseTo(3 / Math.sqrt(1.25), 14);
    expect(shifted.effectUnits).toBe('standard deviations of the baseline');
    const byRange = given(wasserstein(sampleWith(1, 2, 3, 4), sampleWith(4, 5, 6, 7), 'interquartile range'));
    expect(byRange.value).toBeCloseTo(3 / 1.5, 14);
  });

  it('in units of the baseline does not depend on the units of the feature', () => {
    const baseline = [1, 4, 6, 9, 13];
    const current = [2, 4, 7, 30];
    const plain = given(wasserstein(sampleWith(...baseline), sampleWith(...current))).value;
    for (const unit of [1e-300, 1e-160, 1e-7, 1e200, 1e306]) {
      const scaled = (list: number[]) => sampleWith(...list.map((value) => value * unit));
      expect(given(wasserstein(scaled(baseline), scaled(current))).value / plain).toBeCloseTo(1, 9);
    }
  });

  it('is a finite number, 0 only for the same values, and the same both ways round; or refused with a reason', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        for (const norm of ['standard deviation', 'interquartile range', 'none'] as const) {
          const found = wasserstein(sampleWith(...a), sampleWith(...b), norm);
          if (!found.ok) {
            expect(found.reason).not.toBe('');
            continue;
          }
          expect(Number.isFinite(found.value)).toBe(true);
          expect(found.value).toBeGreaterThanOrEqual(0);
        }
        const there = wasserstein(sampleWith(...a), sampleWith(...b), 'none');
        const back = wasserstein(sampleWith(...b), sampleWith(...a), 'none');
        if (there.ok && back.ok && there.value > 1e-300) expect(back.value / there.value).toBeCloseTo(1, 9);
        expect(given(wasserstein(sampleWith(...a), sampleWith(...a))).value).toBe(0);
      }),
    );
  });

  it('agrees between samples of one size and the same values said twice on one side', () => {
    fc.assert(
      fc.property(values, fc.nat(), (a, seed) => {
        const random = uniform(seed);
        const b = a.map(() => random() * 4);
        const once = wasserstein(sampleWith(...a), sampleWith(...b), 'none');
        const twice = wasserstein(sampleWith(...a), sampleWith(...b, ...b), 'none');
        if (once.ok && twice.ok && once.value > 1e-300) expect(twice.value / once.value).toBeCloseTo(1, 9);
      }),
    );
  });

  it('cannot be measured by a baseline that does not vary', () => {
    expect(given(wasserstein(sampleWith(3, 3), sampleWith(3))).value).toBe(0);
    expect(wasserstein(sampleWith(0.1, 0.1, 0.1), sampleWith(0.2))).toEqual({
      ok: false,
      reason: 'Wasserstein distance refused: the standard deviation of the baseline is 0 and cannot be a unit',
    });
    expect(wasserstein(sampleWith(-1.7e308), sampleWith(1.7e308), 'none')).toMatchObject({ ok: false });
  });
});

describe('a histogram with counts', () => {
  it('gives what the values one by one give', () => {
    const list = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const one = kolmogorovSmirnov(sampleWith(...a), sampleWith(...b));
        const two = kolmogorovSmirnov(weighted(a), weighted(b));
        expect([two.value, two.pValue]).toEqual([one.value, one.pValue]);
        expect(two.binning).toBe('a histogram');
        for (const norm of ['standard deviation', 'interquartile range'] as const) {
          const each = wasserstein(sampleWith(...a), sampleWith(...b), norm);
          const both = wasserstein(weighted(a), weighted(b), norm);
          expect(both.ok).toBe(each.ok);
          if (each.ok && both.ok) expect(both.value).toBeCloseTo(each.value, 10);
        }
      }),
    );
  });

  it('with huge counts still gives numbers', () => {
    const huge = given(weightedSample([1, 2, 3], [4e15, 4e15, 1], 'a sketch'));
    const found = kolmogorovSmirnov(huge, given(weightedSample([1, 2], [1e15, 3], 'a sketch')));
    expect(found.value).toBeCloseTo(0.5, 12);
    expect(found.pValue).toBe(0);
    expect(given(wasserstein(huge, sampleWith(1))).value).toBeCloseTo(1, 6);
  });

  it.each([
    ['nothing', [], [], 'sample refused: it is empty'],
    [
      'values that do not ascend',
      [1, 1],
      [2, 2],
      'sample refused: value 1, 1, is not above the previous one; sort values and merge equal ones',
    ],
    ['NaN', [Number.NaN], [1], 'sample refused: value 0 is NaN, expected a finite number'],
    ['no count', [1], [], 'sample refused: 1 values and 0 counts'],
    ['half a count', [1], [0.5], 'sample refused: count 0 is 0.5, expected a whole number above 0'],
  ])('of %s is refused', (_, list, counts, reason) => {
    expect(weightedSample(list, counts, 'a sketch')).toEqual({ ok: false, reason });
  });
});

describe('a sample', () => {
  it('is sorted whatever the values, up to many', () => {
    const random = uniform(11);
    const lists = [
      Array.from({ length: 5000 }, () => random() - 0.5),
      Array.from({ length: 5000 }, () => 1.7e9 + random()),
      Array.from({ length: 5000 }, (_, i) => 5000 - i),
      Array.from({ length: 5000 }, () => (random() - 0.5) * 10 ** (600 * random() - 300)),
      Array.from({ length: 5000 }, (_, i) => [0, -0, 5e-324, -5e-324, 1e308, -1e308][i % 6] as number),
    ];
    for (const list of lists) expect([...given(sampleOf(list)).values]).toEqual(sorted(list.map((value) => value + 0)));
  });

  it('leaves the values it was given as they are', () => {
    const list = Float64Array.from({ length: 2000 }, (_, i) => -i);
    given(sampleOf(list));
    expect(list[7]).toBe(-7);
  });

  it('is refused when empty, and when a value is no number', () => {
    expect(sampleOf([])).toEqual({ ok: false, reason: 'sample refused: it is empty' });
    const reason = 'sample refused: 2 of 3 values are NaN or infinite; drop and count them';
    expect(sampleOf([1, Number.NaN, Number.NEGATIVE_INFINITY])).toEqual({ ok: false, reason });
  });
});
