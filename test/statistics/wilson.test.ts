import { describe, expect, it } from 'vitest';
import { wilsonInterval, zOf } from '../../core/statistics/wilson.ts';

describe('the Wilson interval', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d of %d agrees with the published one', (successes, count, low, high) => {
    const interval = wilsonInterval(successes / count, count, zOf(0.95));
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('is everything where nothing was counted', () => {
    expect(wilsonInterval(0.5, 0, 1.96)).toEqual({ low: 0, high: 1 });
  });

  it('gives the two-sided z of a confidence', () => {
    expect(zOf(0.95)).toBeCloseTo(1.959963984540054, 12);
    expect(zOf(0.99)).toBeCloseTo(2.5758293035489004, 12);
  });
});
