import { describe, expect, it } from 'vitest';
import { normalQuantile, normalTail } from '../../core/statistics/normal.ts';

describe('the normal quantile', () => {
  // Values of R's qnorm, which are those of published tables to the digits that tables give.
  it.each([
    [0.5, 0],
    [0.6, 0.2533471031357997],
    [0.9, 1.2815515655446004],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.995, 2.5758293035489004],
    [0.9995, 3.2905267314919255],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0471],
  ])('of %d is %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, Math.abs(z) > 30 ? 3 : 12);
  });

  it('is odd about one half', () => {
    for (const p of [0.01, 0.07, 0.075, 0.3, 0.49]) expect(normalQuantile(p)).toBeCloseTo(-normalQuantile(1 - p), 12);
  });

  it('is continuous where one approximation hands over to the next', () => {
    expect(normalQuantile(0.925 + 1e-12)).toBeCloseTo(normalQuantile(0.925 - 1e-12), 9);
    const p = Math.exp(-25);
    expect(normalQuantile(p * (1 + 1e-12))).toBeCloseTo(normalQuantile(p * (1 - 1e-12)), 9);
  });

  it('is NaN for what is no probability between 0 and 1', () => {
    for (const p of [0, 1, -1, 2, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});

describe('the normal tail', () => {
  it.each([
    [0, 0.5],
    [1.959963984540054, 0.025],
    [-1.2815515655446004, 0.9],
    [6.361340902404056, 1e-10],
  ])('above %d is %d', (z, share) => {
    expect(normalTail(z) / share).toBeCloseTo(1, 12);
  });

  it('undoes the quantile', () => {
    for (const p of [1e-200, 1e-12, 0.03, 0.4, 0.7, 0.999]) expect(normalTail(-normalQuantile(p)) / p).toBeCloseTo(1, 11);
  });
});
