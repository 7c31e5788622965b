import type { Sample } from './sample.ts';

/**
 * A power of two to multiply values by, so that neither a difference nor its square overflows or
 * underflows. 1 except for huge and denormal values.
 */
export function safeScale(low: number, high: number): number {
  const half = high / 2 - low / 2;
  if (half === 0 || (half > 1e-140 && half < 1e140)) return 1;
  return 2 ** -Math.max(-1000, Math.min(1000, Math.round(Math.log2(half))));
}

/** The population standard deviation (divides by count) times `scale`; 0 for a constant sample. */
export function standardDeviation({ values, counts, count }: Sample, scale = 1): number {
  // Subtracts a middle value first: squares of large, close values would lose their digits.
  const middle = (values[values.length >> 1] as number) * scale;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) {
    const difference = (values[i] as number) * scale - middle;
    const weight = counts === undefined ? 1 : (counts[i] as number);
    sum += weight * difference;
    squares += weight * difference * difference;
  }
  return Math.sqrt(Math.max(0, squares - (sum / count) * sum) / count);
}

/**
 * The quantile at `share` within [0, 1], interpolated between the two nearest values. Source: R. J.
 * Hyndman and Y. Fan, Sample quantiles in statistical packages (1996), type 7, the default of numpy
 * and R.
 */
export function quantileOf(sample: Sample, share: number): number {
  const at = (sample.count - 1) * share;
  const low = valueAt(sample, Math.floor(at));
  const high = valueAt(sample, Math.min(sample.count - 1, Math.floor(at) + 1));
  const rest = at - Math.floor(at);
  const step = high - low;
  if (step === Number.POSITIVE_INFINITY) return low * (1 - rest) + high * rest;
  // Interpolates from the nearer end, so that quantiles never descend.
  return rest < 0.5 ? low + step * rest : high - step * (1 - rest);
}

/** The value at a rank, from 0. */
function valueAt({ values, counts }: Sample, rank: number): number {
  if (counts === undefined) return values[rank] as number;
  let seen = 0;
  for (let i = 0; i < values.length; i += 1) {
    seen += counts[i] as number;
    if (seen > rank) return values[i] as number;
  }
  return values[values.length - 1] as number;
}
