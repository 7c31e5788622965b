import { describe, expect, it } from 'vitest';
import { kolmogorovTail, smirnovTail } from '../../core/statistics/kolmogorov.ts';

/**
 * P(D >= steps / (m n)) by walking every path of m steps one way and n the other: for small sizes
 * only.
 */
function byEveryPath(m: number, n: number, steps: number): number {
  const paths = (i: number, j: number, out: boolean): [leaving: number, all: number] => {
    const left = out || Math.abs(i * n - j * m) >= steps;
    if (i === m && j === n) return [Number(left), 1];
    const [a, all] = i < m ? paths(i + 1, j, left) : [0, 0];
    const [b, more] = j < n ? paths(i, j + 1, left) : [0, 0];
    return [a + b, all + more];
  };
  const [leaving, all] = paths(0, 0, false);
  return leaving / all;
}

describe('the two-sample distribution', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 5],
    [5, 3],
    [4, 6],
    [6, 6],
    [1, 9],
    [7, 8],
  ])('of %d and %d values is that of all their orders', (m, n) => {
    for (let steps = 0; steps <= m * n; steps += 1) {
      // Samples of equal sizes only differ by whole shares of one value.
      if (m === n && steps % n !== 0) continue;
      expect(smirnovTail(m, n, steps, 1e6)).toEqual({ pValue: expect.closeTo(byEveryPath(m, n, steps), 13), method: 'exact' });
    }
  });

  it('is exact for equal sizes however large, and ends soon', () => {
    const million = smirnovTail(1e6, 1e6, 1500 * 1e6, 0);
    expect(million.method).toBe('exact');
    expect(million.pValue / kolmogorovTail(1500 / Math.sqrt(2e6))).toBeCloseTo(1, 5);
    expect(smirnovTail(1e6, 1e6, 1e12, 0).pValue).toBe(0);
  });

  it.each([
    [4000, 3000],
    [3001, 4000],
    [10_000, 400],
    [20_000, 107],
  ])('of %d and %d values is within 5 %% of its limit above 1e-3', (m, n) => {
    for (const z of [0.8, 1.36, 1.9]) {
      const steps = Math.round(z * Math.sqrt(m * n * (m + n)));
      const { pValue, method } = smirnovTail(m, n, steps, 0);
      expect(method).toBe('asymptotic');
      expect(pValue / smirnovTail(m, n, steps, 1e9).pValue).toBeGreaterThan(0.95);
      expect(pValue / smirnovTail(m, n, steps, 1e9).pValue).toBeLessThan(1.05);
    }
  });
});

describe('the limit distribution', () => {
  // Smirnov's table (1948), as reprinted in many textbooks.
  it.each([
    [1.2238, 0.1],
    [1.3581, 0.05],
    [1.6276, 0.01],
    [1.9495, 0.001],
  ])('has its published point %d at %d', (z, p) => {
    expect(kolmogorovTail(z) / p).toBeCloseTo(1, 3);
  });

  it('is continuous where one series hands over to the other, and never rises', () => {
    expect(kolmogorovTail(1 - 1e-13)).toBeCloseTo(kolmogorovTail(1), 12);
    let before = 1;
    for (let z = 0; z < 4; z += 0.01) {
      expect(kolmogorovTail(z)).toBeLessThanOrEqual(before + 1e-15);
      before = kolmogorovTail(z);
    }
  });
});
