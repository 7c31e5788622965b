import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBound, formatPercent, formatValue } from '../../core/vocabulary/format.ts';

/** Numbers of few digits, and halves between them, where rounding is in doubt; some a bit off. */
const written = fc
  .tuple(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: -3, max: 3 }))
  .map(([halves, decimals, bits]) => (halves * 5 * (1 + bits * Number.EPSILON)) / 10 ** decimals);
const far = (value: number, other: number): boolean => Math.abs(value - other) > 0.02 * Math.max(Math.abs(value), other);

describe('a value for people', () => {
  it('is rounded as toPrecision rounds, in doubt too', () => {
    const value = fc.oneof(written, fc.double({ min: 1e-4, max: 1000, noNaN: true }));
    fc.assert(
      fc.property(value, fc.constantFrom(1, -1), (size, sign) => {
        fc.pre(size >= 1e-4 && size < 1000 && far(size, 1));
        expect(formatValue(sign * size)).toBe(String(Number((sign * size).toPrecision(4))));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    [0.99996, 1, '0.99996', '1'],
    [0.9996, 0.999, '0.9996', '0.999'],
    [0.99904, 0.999, '0.99904', '0.999'],
    [1000.4, 1000, '1000.4', '1000'],
    [123_454.6, 123_455.4, '123455', '123455.4'],
    [0.00001234, 0.00001233, '1.234e-5', '1.233e-5'],
    [0.3, 0.1 + 0.2, '0.3', '0.3'],
    [0.819551, 0.81957, '0.81955', '0.81957'],
    [5.819590104093959e130, 5.819648299995e130, '5.8196e+130', '5.8196483e+130'],
    [0.812_345, 0.9, '0.8123', '0.9'],
  ])('%f beside the bound %f is told from it', (value, bound, shown, boundShown) => {
    expect([formatValue(value, bound), formatBound(bound, value)]).toEqual([shown, boundShown]);
  });

  it('is told from any bound beside it', () => {
    const size = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ min: 0.99, max: 1.01, noNaN: true }));
    const step = fc.constantFrom(0, 1e-3, 1e-5, 1e-7, -1e-4, -1e-9);
    fc.assert(
      fc.property(size, step, (value, by) => {
        const bound = value * (1 + by);
        fc.pre(Number.isFinite(bound));
        const differ = Number(value.toPrecision(12)) !== Number(bound.toPrecision(12));
        const [a, b] = [formatValue(value, bound), formatBound(bound, value)];
        if (!differ) return;
        expect(a).not.toBe(b);
        expect(Number(a) < Number(b)).toBe(value < bound);
      }),
      { numRuns: 3000 },
    );
  });

  it('is shown as 1 only where it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.9, max: 1.1, noNaN: true }), (value) => {
        if (Number(value.toPrecision(12)) !== 1) expect(formatValue(value)).not.toBe('1');
      }),
    );
    expect(formatValue(1)).toBe('1');
  });
});

describe('a share in percent', () => {
  it('is rounded as toFixed rounds, in doubt too', () => {
    fc.assert(
      fc.property(fc.oneof(written, fc.double({ min: 0.002, max: 1e6, noNaN: true })), (share) => {
        fc.pre(share > 0.002 && Math.abs(share - 1) > 0.002);
        expect(formatPercent(share)).toBe(`${Number((share * 100).toFixed(1))}%`);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    [0.9996, [], '99.96%'],
    [0.0004, [], '0.04%'],
    [0.0996, [0.1], '9.96%'],
    [0.1, [0.1], '10%'],
    [0, [], '0%'],
    [1, [], '100%'],
    [0.1234, [], '12.3%'],
    [12.3456, [], '1234.6%'],
    [0.99957, [0.9996], '99.957%'],
    [0.09957, [0.0996], '9.957%'],
  ])('%f beside %j is %s', (share, beside, shown) => {
    expect(formatPercent(share, ...beside)).toBe(shown);
  });
});
