import type { Side } from './side.ts';

/**
 * Fisher's exact test of `successes` in one group of `drawn`, of `allSuccesses` in both groups of
 * `all` together: how likely a table as unlikely as this one is ('greater': with as many successes
 * or more) given its margins. Whole numbers. Source: R. A. Fisher (1934); the two-sided sum is over
 * the tables not more likely than the one observed, as in R and scipy.
 */
export function fisherExact(successes: number, drawn: number, allSuccesses: number, all: number, side: Side): number {
  const low = Math.max(0, drawn + allSuccesses - all);
  const high = Math.min(drawn, allSuccesses);
  const mode = Math.min(high, Math.max(low, Math.floor(((drawn + 1) / (all + 2)) * (allSuccesses + 1))));
  // Weights relative to a likely table; what underflows adds nothing.
  const up = (k: number): number => ((allSuccesses - k) / (k + 1)) * ((drawn - k) / (all - allSuccesses - drawn + k + 1));
  const weights = new Map<number, number>([[mode, 1]]);
  for (let k = mode, weight = 1; k < high && weight > 0; k += 1) {
    weight *= up(k);
    weights.set(k + 1, weight);
  }
  for (let k = mode, weight = 1; k > low && weight > 0; k -= 1) {
    weight /= up(k - 1);
    weights.set(k - 1, weight);
  }
  // Tables that are equally likely differ by rounding.
  const observed = (weights.get(successes) ?? 0) * (1 + 1e-7);
  const counts = (k: number, weight: number): boolean =>
    side === 'two-sided' ? weight <= observed : side === 'greater' ? k >= successes : k <= successes;
  let sum = 0;
  let total = 0;
  // The smallest first, so that none is lost.
  for (const [k, weight] of [...weights].sort((a, b) => a[1] - b[1])) {
    total += weight;
    if (counts(k, weight)) sum += weight;
  }
  return Math.min(1, sum / total);
}
