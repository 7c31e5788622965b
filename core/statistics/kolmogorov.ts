/**
 * The share of Kolmogorov's limit distribution above z: P(sup |B| >= z) of a Brownian bridge B. z <
 * 0.04 gives 1. Source: NIST Digital Library of Mathematical Functions, 20.7(viii): the two theta
 * series, each where it ends soon.
 */
export function kolmogorovTail(z: number): number {
  if (!(z > 0.04)) return 1;
  if (z < 1) {
    const unit = Math.exp((-Math.PI * Math.PI) / (8 * z * z));
    let sum = 0;
    for (let k = 1; k < 20; k += 2) sum += unit ** (k * k);
    return Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / z) * sum);
  }
  let sum = 0;
  for (let k = 5; k >= 1; k -= 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * z * z);
  return sum;
}

export type SmirnovTail = { pValue: number; method: 'exact' | 'asymptotic' };

/**
 * The share of two samples of m and n values of one continuous distribution whose empirical
 * distributions lie at least `steps` / (m n) apart somewhere (two-sided Kolmogorov-Smirnov).
 * `steps` is a whole number, at most 2^53. With ties the true share is smaller, so the answer errs
 * towards no drift.
 *
 * Exact for m = n (a sum), and for others when at most `exactCells` cells of the lattice of paths
 * must be visited (4 million take about 10 ms); else Hodges' corrected limit, which at such sizes
 * is within 5 % of the exact share where that is above 1e-3, unless the smaller sample has fewer
 * than 100 values.
 */
export function smirnovTail(m: number, n: number, steps: number, exactCells: number): SmirnovTail {
  if (steps <= 0) return { pValue: 1, method: 'exact' };
  if (m === n) return { pValue: equalSizes(n, Math.round(steps / n)), method: 'exact' };
  // The band of cells nearer than `steps` to the diagonal is at most 2 steps / n wide and n long.
  if (Math.min(2 * steps, m * n) <= exactCells)
    return { pValue: pathsLeaving(Math.min(m, n), Math.max(m, n), steps), method: 'exact' };
  return { pValue: hodges(m, n, steps / (m * n)), method: 'asymptotic' };
}

/**
 * B. V. Gnedenko and V. S. Korolyuk (1951): 2 sum (-1)^(k-1) C(2n, n - k h) / C(2n, n), for a
 * difference of h / n.
 */
function equalSizes(n: number, h: number): number {
  let ratio = 1;
  let sum = 0;
  for (let k = 1; k * h <= n; k += 1) {
    for (let j = (k - 1) * h; j < k * h && ratio > 0; j += 1) ratio *= (n - j) / (n + j + 1);
    sum += k % 2 === 1 ? ratio : -ratio;
    if (ratio <= sum * 1e-18) break;
  }
  return Math.min(1, 2 * sum);
}

/**
 * J. L. Hodges, The significance probability of the Smirnov two-sample test, Arkiv foer Matematik 3
 * (1958) 469-486: of the paths to the cell (i, j), the share that has left the band is the mean of
 * its two neighbours', weighted by i and j.
 */
function pathsLeaving(m: number, n: number, steps: number): number {
  const inverse = Float64Array.from({ length: m + n + 1 }, (_, k) => 1 / k);
  const left = new Float64Array(n + 1).fill(1);
  for (let j = 0; j <= n && j * m < steps; j += 1) left[j] = 0;
  for (let i = 1; i <= m; i += 1) {
    const from = Math.max(0, Math.floor((i * n - steps) / m) + 1);
    const to = Math.min(n, Math.ceil((i * n + steps) / m) - 1);
    let before = 1;
    for (let j = from; j <= to; j += 1) {
      const weight = inverse[i + j] as number;
      before = (left[j] as number) * i * weight + before * j * weight;
      left[j] = before;
    }
    if (to < n) continue;
    if (i === m) return Math.min(1, from > n ? 1 : before);
  }
  return 1;
}

/** The limit, shifted by Hodges' term (m + 2n) / (6 sqrt(m n (m + n))), m the larger size. */
function hodges(m: number, n: number, difference: number): number {
  const large = Math.max(m, n);
  const small = Math.min(m, n);
  const size = Math.sqrt((large / (large + small)) * small);
  const shift = (large + 2 * small) / (6 * size * (large + small));
  return kolmogorovTail(size * difference + shift);
}
