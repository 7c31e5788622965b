/**
 * The two terms that keep Poisson and binomial densities exact to about 1e-14 where a difference of
 * large log gammas would lose most of its digits. Source: C. Loader, Fast and accurate computation
 * of binomial probabilities (2000).
 */

/** The terms of Stirling's series in 1/n, the first first: B(2k) / (2k (2k - 1)). */
const series = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156, -3617 / 122_400];

/** log(n!) less Stirling's formula, log(sqrt(2 pi n) (n / e)^n); n > 0, not only whole. */
export function stirlingError(n: number): number {
  // The series is too coarse below 16. log(n!) = log((n + 1)!) - log(n + 1) steps up until it is
  // exact.
  let at = n;
  let climbed = 0;
  while (at < 16) {
    climbed += (at + 0.5) * Math.log1p(1 / at) - 1;
    at += 1;
  }
  const square = 1 / (at * at);
  let sum = 0;
  for (let k = series.length - 1; k >= 0; k -= 1) sum = sum * square + (series[k] as number);
  return climbed + sum / at;
}

/**
 * x log(x / mean) + mean - x, which is never negative; exact where x is near the mean. x and mean >
 * 0.
 */
export function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = difference / (x + mean);
  let term = 2 * x * v;
  let sum = difference * v;
  for (let k = 3; ; k += 2) {
    term *= v * v;
    const next = sum + term / k;
    if (next === sum) return sum;
    sum = next;
  }
}
