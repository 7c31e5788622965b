/** Count, mean, sum of squared deviations, and range. Plain JSON, always finite. */
export type Moments = { count: number; mean: number; squares: number; min: number; max: number };

const finite = (value: number): number => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));

/** Needs at least one finite number. Source: B. P. Welford, Technometrics 4 (1962) 419-420. */
export function momentsOf(values: readonly number[]): Moments {
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const [i, value] of values.entries()) {
    const before = value - mean;
    mean = Number.isFinite(before) ? mean + before / (i + 1) : mean * (i / (i + 1)) + value / (i + 1);
    squares += before * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { count: values.length, mean, squares: finite(squares), min, max };
}

/**
 * The moments of both together. The order of merging changes only rounding. An overflowing sum of
 * squares stays at the largest double. Source: T. F. Chan, G. H. Golub and R. J. LeVeque, Updating
 * formulae and a pairwise algorithm, Stanford STAN-CS-79-773.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const apart = b.mean - a.mean;
  const share = b.count / count;
  return {
    count,
    mean: Number.isFinite(apart) ? a.mean + apart * share : a.mean * (1 - share) + b.mean * share,
    squares: finite(a.squares + b.squares + apart * apart * a.count * share),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

/** The population variance (divides by count). */
export const varianceOf = ({ count, squares }: Moments): number => squares / count;
