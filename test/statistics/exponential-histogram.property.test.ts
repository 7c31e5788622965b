import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addValue,
  coarsen,
  countOf,
  countsBeside,
  type ExponentialHistogram,
  emptyHistogram,
  mergeHistograms,
  mostBuckets,
  quantileOf,
  relativeError,
  shareAbove,
  shareBelow,
  widthOf,
} from '../../core/statistics/exponential-histogram.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const value = fc.oneof(
  finite,
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(0, -0, 5e-324, -5e-324, 1.5e-323, 2 ** -1022, 1e-310, Number.MAX_VALUE, -Number.MAX_VALUE, 1, 2, 0.5),
);
const values = fc.oneof(fc.array(value, { minLength: 1, maxLength: 60 }), fc.array(value, { minLength: 200, maxLength: 900 }));
const scale = fc.integer({ min: -10, max: 20 });
const q = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 0.9, 0.95, 0.99, 1));

function histogramOf(all: readonly number[], from = 20): ExponentialHistogram {
  const histogram = emptyHistogram(from);
  for (const one of all) addValue(histogram, one);
  return histogram;
}

const exactQuantile = (all: readonly number[], share: number): number =>
  all.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * all.length)) - 1] as number;

/** Rounding of a double, and half the smallest one for subnormal numbers. */
const rounding = (size: number): number => Math.abs(size) * 1e-14 + 5e-324;

test('a quantile is within the stated share of the exact one', () => {
  fc.assert(
    fc.property(values, scale, q, (all, from, share) => {
      const histogram = histogramOf(all, from);
      const exact = exactQuantile(all, share);
      const estimate = quantileOf(histogram, share) as number;
      expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(relativeError(histogram.scale) * Math.abs(exact) + rounding(exact));
    }),
  );
});

test('a bound is exact for values that equal it, or are further away than a bucket is wide', () => {
  fc.assert(
    fc.property(values, scale, value, fc.nat(), (all, from, other, at) => {
      const histogram = histogramOf(all, from);
      const width = Math.min(widthOf(histogram.scale), Number.MAX_VALUE) * (1 + 1e-9) + 1e-14;
      for (const bound of [other, all[at % all.length] as number]) {
        const far = (one: number): boolean => Math.abs(one - bound) > width * Math.min(Math.abs(one), Math.abs(bound));
        const { above, below } = countsBeside(histogram, bound);
        expect(above).toBeLessThanOrEqual(all.filter((one) => one > bound).length);
        expect(below).toBeLessThanOrEqual(all.filter((one) => one < bound).length);
        expect(above).toBeGreaterThanOrEqual(all.filter((one) => one > bound && far(one)).length);
        expect(below).toBeGreaterThanOrEqual(all.filter((one) => one < bound && far(one)).length);
        expect(shareAbove(histogram, bound)).toBe(above / all.length);
        expect(shareBelow(histogram, bound)).toBe(below / all.length);
      }
    }),
  );
});

test('any split into parts, merged in any order, gives the histogram of all', () => {
  fc.assert(
    fc.property(values, scale, fc.infiniteStream(fc.nat(4)), fc.infiniteStream(fc.nat()), (all, from, part, pick) => {
      const whole = histogramOf(all, from);
      const parts = Array.from({ length: 5 }, () => emptyHistogram(from));
      for (const one of all) addValue(parts[part.next().value as number] as ExponentialHistogram, one);
      while (parts.length > 1) {
        const take = (): ExponentialHistogram =>
          parts.splice((pick.next().value as number) % parts.length, 1)[0] as ExponentialHistogram;
        parts.push(mergeHistograms(take(), take()));
      }
      expect(parts[0]).toEqual(whole);
    }),
  );
});

const histogram = fc
  .record({ all: values, from: scale, zeroThreshold: fc.constantFrom(0, 0, 0.5, 3) })
  .map(({ all, from, zeroThreshold }) => {
    const made = { ...emptyHistogram(from), zeroThreshold };
    for (const one of all) addValue(made, one);
    return made;
  });

test('merging is associative and commutative, also of different scales and thresholds, and changes neither', () => {
  fc.assert(
    fc.property(histogram, histogram, histogram, (a, b, c) => {
      const before = JSON.stringify([a, b]);
      expect(mergeHistograms(a, b)).toEqual(mergeHistograms(b, a));
      expect(mergeHistograms(mergeHistograms(a, b), c)).toEqual(mergeHistograms(a, mergeHistograms(b, c)));
      expect(JSON.stringify([a, b])).toBe(before);
    }),
  );
});

test('values within the threshold of zero are at most that far off', () => {
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 3, 100), q, (all, zeroThreshold, share) => {
      const near = { ...emptyHistogram(), zeroThreshold };
      for (const one of all) addValue(near, one);
      const merged = mergeHistograms(near, histogramOf(all));
      const exact = exactQuantile([...all, ...all], share);
      const most = Math.max(zeroThreshold, relativeError(merged.scale) * Math.abs(exact)) + rounding(exact);
      expect(Math.abs((quantileOf(merged, share) as number) - exact)).toBeLessThanOrEqual(most);
    }),
  );
});

test('the largest numbers are as near as others', () => {
  for (const one of [2 ** 1023 * (1 + Number.EPSILON), 1.5 * 2 ** 1023, -(2 ** 1023) * (1 + Number.EPSILON)]) {
    const found = quantileOf(histogramOf([one]), 0.5) as number;
    expect(Math.abs(found / one - 1)).toBeLessThanOrEqual(relativeError(histogramOf([one]).scale) + 1e-12);
  }
});

test('a histogram stays small, counts everything, and survives JSON', () => {
  fc.assert(
    fc.property(histogram, scale, (made, to) => {
      const count = countOf(made);
      const coarse = structuredClone(made);
      coarsen(coarse, to);
      expect(coarse.scale).toBe(Math.min(made.scale, to));
      for (const { positive, negative } of [made, coarse]) {
        expect(Math.max(positive.length, negative.length)).toBeLessThanOrEqual(2 * mostBuckets);
      }
      expect(countOf(coarse)).toBe(count);
      expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    }),
  );
});

test('a bucket includes its upper end, and not its lower one', () => {
  const ofScale = (from: number): number[] => [0.5, 1, 1.0001, 2, 4].map((one) => histogramOf([one], from).positive[0] as number);
  expect(ofScale(0)).toEqual([-2, -1, 0, 0, 1]);
  expect(ofScale(-1)).toEqual([-1, -1, 0, 0, 0]);
  expect(ofScale(3)).toEqual([-9, -1, 0, 7, 15]);
});

test('what is not a finite number is refused, and leaves the histogram as it was', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const made = histogramOf([1, 2]);
    expect(() => addValue(made, wrong)).toThrow(RangeError);
    expect(() => countsBeside(made, wrong)).toThrow(RangeError);
    expect(made).toEqual(histogramOf([1, 2]));
  }
  expect(quantileOf(emptyHistogram(), 0.5)).toBeUndefined();
  expect(shareAbove(emptyHistogram(), 0)).toBeUndefined();
});
