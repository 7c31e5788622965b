import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addValue, countOf, emptyHistogram, widenZero } from '../../../core/statistics/exponential-histogram.ts';
import { type Content, increaseOf, mergeContent, partOf } from '../../../core/telemetry/otlp/content.ts';
import { explicitOf, exponentialOf } from '../../../core/telemetry/otlp/state-of.ts';
import { statisticOf } from '../../../core/telemetry/otlp/statistic.ts';

const value = fc.double({ min: 0, max: 1000, noNaN: true });
const values = fc.array(value, { minLength: 1, maxLength: 60 });
const boundsOf = fc
  .uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })
  .map((all) => all.sort((a, b) => a - b).map((one) => one * 80));

const contentOf = (read: ReturnType<typeof explicitOf>): Content => {
  if ('fault' in read) throw new Error(read.fault);
  return read.content;
};

function explicit(measured: readonly number[], bounds: number[], ends = true): Content {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (const one of measured) {
    const found = bounds.findIndex((bound) => one <= bound);
    const place = found < 0 ? bounds.length : found;
    counts[place] = (counts[place] as number) + 1;
  }
  const sum = measured.reduce((a, b) => a + b, 0);
  const extremes = ends && measured.length > 0 ? { min: Math.min(...measured), max: Math.max(...measured) } : {};
  return contentOf(explicitOf({ count: measured.length, sum, ...extremes, bounds, counts }));
}

function exponential(measured: readonly number[], scale: number): Content {
  const histogram = emptyHistogram(scale);
  for (const one of measured) addValue(histogram, one);
  return { form: 'exponential', count: measured.length, sum: measured.reduce((a, b) => a + b, 0), histogram };
}

/** The smallest value that a share of all does not exceed. */
const exact = (all: readonly number[], share: number): number =>
  [...all].sort((a, b) => a - b)[Math.max(1, Math.ceil(share * all.length)) - 1] as number;
const shares = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

function expectWithin(content: Content, all: readonly number[]): void {
  for (const [name, share] of Object.entries(shares) as [keyof typeof shares, number][]) {
    const found = statisticOf(content, { statistic: name }, 60);
    if ('missing' in found || found.errorBound === undefined) continue;
    expect(Math.abs(found.value - exact(all, share))).toBeLessThanOrEqual(found.errorBound * (1 + 1e-9) + 1e-9);
  }
  for (const bound of [-1, 80, 100, 480, 999, 2000]) {
    const found = statisticOf(content, { statistic: 'share', share: { above: bound } }, 60);
    if ('missing' in found) continue;
    const real = all.filter((one) => one > bound).length / all.length;
    expect(Math.abs(found.value - real)).toBeLessThanOrEqual((found.errorBound ?? 0) + 1e-9);
  }
}

it('a quantile and a share are as near to the exact ones as they say, of equal bounds and of others', () => {
  fc.assert(
    fc.property(values, values, boundsOf, boundsOf, (a, b, x, y) => {
      expectWithin(mergeContent(explicit(a, x), explicit(b, x)), [...a, ...b]);
      expectWithin(mergeContent(explicit(a, x, false), explicit(b, y)), [...a, ...b]);
    }),
  );
});

it('those of exponential histograms are as near as they say, of any scales', () => {
  const scale = fc.integer({ min: -2, max: 8 });
  fc.assert(
    fc.property(values, values, scale, scale, (a, b, x, y) => {
      expectWithin(mergeContent(exponential(a, x), exponential(b, y)), [...a, ...b]);
    }),
  );
});

it('merging does not depend on its order, and equal bounds add exactly', () => {
  fc.assert(
    fc.property(values, values, values, boundsOf, boundsOf, (a, b, c, x, y) => {
      const [p, q, r] = [explicit(a, x), explicit(b, y), explicit(c, x)];
      const rounded = (one: Content): unknown => ({ ...one, sum: undefined });
      expect(rounded(mergeContent(mergeContent(p, q), r))).toEqual(rounded(mergeContent(p, mergeContent(r, q))));
      expect(rounded(mergeContent(p, r))).toEqual(rounded(explicit([...a, ...c], x)));
    }),
  );
});

it('what came between two states of a histogram is what was measured between them', () => {
  fc.assert(
    fc.property(values, values, boundsOf, (a, b, bounds) => {
      const between = increaseOf(explicit(a, bounds), explicit([...a, ...b], bounds));
      expect(between).toMatchObject({ counts: (explicit(b, bounds) as { counts: number[] }).counts, count: b.length });
      const finer = increaseOf(exponential(a, 6), exponential([...a, ...b], 3));
      expect(finer).toMatchObject({
        count: b.length,
        histogram: { positive: (exponential(b, 3) as { histogram: { positive: number[] } }).histogram.positive },
      });
      expect(increaseOf(explicit([...a, ...b], bounds), explicit(a, bounds))).toBeUndefined();
    }),
  );
});

it('parts of a histogram are together exactly the whole', () => {
  fc.assert(
    fc.property(values, boundsOf, fc.integer({ min: 2, max: 60 }), (all, bounds, parts) => {
      for (const whole of [explicit(all, bounds), exponential(all, 4)]) {
        const merged = Array.from({ length: parts }, (_, part) => partOf(whole, part, parts)).reduce(mergeContent);
        expect({ ...merged, sum: undefined, min: undefined, max: undefined }).toEqual({
          ...whole,
          sum: undefined,
          min: undefined,
          max: undefined,
        });
      }
    }),
  );
});

it('an exponential histogram is read as the SDK counts it, and a wrong one is refused', () => {
  const sent = {
    count: 5,
    sum: 9,
    scale: 0,
    zeroCount: 1,
    zeroThreshold: 0,
    positive: { offset: 0, counts: [3, 0, 1] },
    negative: { offset: 0, counts: [] },
  };
  expect(contentOf(exponentialOf(sent))).toMatchObject({ count: 5, histogram: { zeroCount: 1, positive: [0, 3, 2, 1] } });
  expect(exponentialOf({ ...sent, scale: 21 })).toMatchObject({ fault: expect.stringContaining('scale') });
  expect(exponentialOf({ ...sent, count: 6 })).toMatchObject({ fault: expect.stringContaining('add up') });
});

it('what came while a sender widened its zero counts once', () => {
  const scale = 3;
  const sizes = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, sizes, fc.integer({ min: -40, max: 40 }), (a, b, end) => {
      const threshold = 2 ** (end / 2 ** scale);
      const later = exponential([...a, ...b], scale);
      if (later.form !== 'exponential') throw new Error('no exponential');
      const wide = { ...later, histogram: widenZero(later.histogram, threshold) };
      expect(countOf(wide.histogram)).toBe(a.length + b.length);
      const between = increaseOf(exponential(a, scale), wide);
      const own = exponential(b, scale);
      if (own.form !== 'exponential') throw new Error('no exponential');
      expect(between).toMatchObject({ count: b.length, histogram: widenZero(own.histogram, threshold) });
    }),
  );
});

it('histograms of many other bounds keep those that all have', () => {
  const each = (step: number) => Array.from({ length: Math.floor(1000 / step) }, (_, i) => (i + 1) * step);
  expect(mergeContent(explicit([5], each(2)), explicit([7], each(3)))).toMatchObject({ bounds: each(6), count: 2 });
});
