import { deviance, stirlingError } from './saddle-point.ts';

/**
 * The regularized incomplete beta function I_x(a, b); a > 0, b > 0, 0 <= x <= 1, otherwise NaN. `y`
 * is 1 - x, asked for because a caller often knows it to more digits. Relative error about 1e-13;
 * about sqrt(max(a, b)) steps near the mean. Source: NIST Digital Library of Mathematical
 * Functions, 8.17.22.
 */
export function betaLower(x: number, y: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && y >= 0)) return Number.NaN;
  if (x === 0) return 0;
  if (y === 0) return 1;
  // x^a y^b / B(a, b), as a binomial density.
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  const density = Math.exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n));
  if (x < (a + 1) / (n + 2)) return Math.min(1, (density * fractionOf(x, a, b)) / a);
  return Math.max(0, 1 - (density * fractionOf(y, b, a)) / b);
}

/** The continued fraction by the modified Lentz method, two terms a step. */
function fractionOf(x: number, a: number, b: number): number {
  const guard = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; ; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const step = c * d;
    fraction *= step;
    if (Math.abs(step - 1) < 2.3e-16 || m > 1_000_000) return fraction;
  }
}
