import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBound, formatPercent, formatValue } from '../../core/vocabulary/format.ts';

describe('a value for people', () => {
  it.each([
    [0.99996, 1, '0.99996', '1'],
    [0.9996, 0.999, '0.9996', '0.999'],
    [0.99904, 0.999, '0.99904', '0.999'],
    [1000.4, 1000, '1000.4', '1000'],
    [123_454.6, 123_455.4, '123455', '123455.4'],
    [0.00001234, 0.00001233, '1.23e-5', '1.233e-5'],
    [0.3, 0.1 + 0.2, '0.3', '0.3'],
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
  it.each([
    [0.9996, [], '99.96%'],
    [0.0004, [], '0.04%'],
    [0.0996, [0.1], '9.96%'],
    [0.1, [0.1], '10%'],
    [0, [], '0%'],
    [1, [], '100%'],
    [0.1234, [], '12.3%'],
    [12.3456, [], '1234.6%'],
  ])('%f beside %j is %s', (share, beside, shown) => {
    expect(formatPercent(share, ...beside)).toBe(shown);
  });
});
