import { betaLower } from './incomplete-beta.ts';
import { normalTail } from './normal.ts';

/**
 * Beyond this the continued fraction takes thousands of steps, and the normal transform is exact to
 * 1e-12.
 */
const manyDegrees = 1e7;

/**
 * The upper tail of Student's t distribution; degrees > 0, fractions allowed; relative error about
 * 1e-12.
 */
export function studentTail(t: number, degrees: number): number {
  const outside = degrees > manyDegrees ? normalTail(normalised(Math.abs(t), degrees)) : shareOutside(t, degrees) / 2;
  return t < 0 ? 1 - outside : outside;
}

/**
 * Both tails: I_x(n/2, 1/2) with x = n / (n + t^2). Abramowitz and Stegun, Handbook of Mathematical
 * Functions, 26.7.1.
 */
function shareOutside(t: number, degrees: number): number {
  const ratio = (t / degrees) * t;
  const y = ratio === Number.POSITIVE_INFINITY ? 1 : ratio / (1 + ratio);
  return betaLower(1 / (1 + ratio), y, degrees / 2, 0.5);
}

/**
 * D. L. Wallace, Bounds on normal approximations to Student's and the chi-square distributions, AMS
 * 30 (1959) 1121-1130.
 */
function normalised(t: number, degrees: number): number {
  return ((8 * degrees + 1) / (8 * degrees + 3)) * Math.sqrt(degrees * Math.log1p((t / degrees) * t));
}

/** The t whose upper tail is `tail`, 0 < tail < 1, otherwise NaN. Bisects to full precision. */
export function studentQuantile(tail: number, degrees: number): number {
  if (!(tail > 0 && tail < 1 && degrees > 0)) return Number.NaN;
  if (tail > 0.5) return -studentQuantile(1 - tail, degrees);
  let low = 0;
  let high = 1;
  while (studentTail(high, degrees) > tail && high < Number.MAX_VALUE / 4) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
}
