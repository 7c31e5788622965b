import { type Refused, refused } from '../refused.ts';
import { originOf, type Sample } from './sample.ts';
import { quantileOf, safeScale, standardDeviation } from './spread.ts';
import type { DriftValue } from './value.ts';
import { asTheyAre } from './zeros.ts';

/** The unit of the distance: a spread of the baseline, or the feature's own units. */
export type WassersteinNorm = 'standard deviation' | 'interquartile range' | 'none';

/**
 * The Wasserstein-1 (earth mover's) distance: how far values moved on average; the area between the
 * empirical distributions. By default in population standard deviations of the baseline, so that
 * features compare; 0 or more. Refused when that spread is 0 and the samples differ, or when the
 * distance overflows. Source: L. N. Vaserstein (1969); for one dimension S. S. Vallender, Theory of
 * Probability and its Applications 18 (1974) 784-786.
 */
export function wasserstein(
  baseline: Sample,
  current: Sample,
  norm: WassersteinNorm = 'standard deviation',
): DriftValue | Refused {
  const scale = safeScale(
    Math.min(baseline.values[0] as number, current.values[0] as number),
    Math.max(baseline.values.at(-1) as number, current.values.at(-1) as number),
  );
  const area = areaBetween(baseline, current, scale);
  // The baseline gets its own scale: scaled for huge current values, its spread could vanish.
  const own = norm === 'none' ? 1 : safeScale(baseline.values[0] as number, baseline.values.at(-1) as number);
  const spread = norm === 'none' ? 1 : spreadOf(baseline, norm, own);
  if (spread === 0 && area > 0) {
    return refused(`Wasserstein distance refused: the ${norm} of the baseline is 0 and cannot be a unit`);
  }
  const value = area === 0 ? 0 : ((area / spread) * own) / scale;
  if (!Number.isFinite(value)) return refused(`Wasserstein distance refused: in units of ${norm} it is too large for a number`);
  return {
    ok: true,
    measure: 'wasserstein',
    value,
    effectUnits: norm === 'none' ? "the feature's units" : `${norm}s of the baseline`,
    binning: originOf(baseline, current),
    zero: asTheyAre,
    baselineCount: baseline.count,
    currentCount: current.count,
  };
}

function spreadOf(baseline: Sample, norm: Exclude<WassersteinNorm, 'none'>, scale: number): number {
  if (norm === 'standard deviation') return standardDeviation(baseline, scale);
  return quantileOf(baseline, 0.75) * scale - quantileOf(baseline, 0.25) * scale;
}

/** The area between the two empirical distributions, in units of the values times `scale`. */
function areaBetween(a: Sample, b: Sample, scale: number): number {
  const { values: as, counts: aCounts, count: n } = a;
  const { values: bs, counts: bCounts, count: m } = b;
  if (aCounts === undefined && bCounts === undefined && n === m) return meanStep(as, bs, scale);
  let i = 0;
  let j = 0;
  let seenA = 0;
  let seenB = 0;
  let area = 0;
  let last = Math.min(as[0] as number, bs[0] as number) * scale;
  while (i < as.length || j < bs.length) {
    const x = i < as.length ? (as[i] as number) : Number.POSITIVE_INFINITY;
    const y = j < bs.length ? (bs[j] as number) : Number.POSITIVE_INFINITY;
    const next = Math.min(x, y) * scale;
    area += Math.abs(seenA * m - seenB * n) * (next - last);
    last = next;
    if (x <= y) {
      seenA += aCounts === undefined ? 1 : (aCounts[i] as number);
      i += 1;
    } else {
      seenB += bCounts === undefined ? 1 : (bCounts[j] as number);
      j += 1;
    }
  }
  return area / (n * m);
}

/** For samples of one size the area is the mean distance of values of equal rank. */
function meanStep(as: Float64Array, bs: Float64Array, scale: number): number {
  let sum = 0;
  for (let i = 0; i < as.length; i += 1) sum += Math.abs((as[i] as number) * scale - (bs[i] as number) * scale);
  return sum / as.length;
}
