import { type Refused, refused } from '../refused.ts';
import { type Binned, binName, differentBins, sameBinning } from './binning.ts';

/**
 * Two rows of whole counts over the same bins. Bins that are empty in both are dropped. Each row
 * counts at least one value.
 */
export type Table = {
  ok: true;
  /** What the bins are. Drift values compare only if this is equal. */
  binning: string;
  baseline: Float64Array;
  current: Float64Array;
  baselineCount: number;
  currentCount: number;
  /** The name of bin i, for people. */
  nameOf: (bin: number) => string;
};

/** Refused when the bins differ, a row is empty, or a count is not a whole number >= 0. */
export function tableOf(baseline: Binned, current: Binned): Table | Refused {
  if (!sameBinning(baseline.binning, current.binning)) return refused(differentBins(baseline.binning, current.binning));
  return tableOfCounts(baseline.counts, current.counts, baseline.binning.name, (bin) => binName(baseline.binning, bin));
}

/** The table of two rows of counts; `nameOf` names a bin by its index. */
export function tableOfCounts(
  baseline: ArrayLike<number>,
  current: ArrayLike<number>,
  binning: string,
  nameOf: (bin: number) => string,
): Table | Refused {
  if (baseline.length !== current.length) return refused(`table refused: ${baseline.length} and ${current.length} bins`);
  const kept: number[] = [];
  let baselineCount = 0;
  let currentCount = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const was = baseline[i] as number;
    const is = current[i] as number;
    if (!(Number.isSafeInteger(was) && Number.isSafeInteger(is) && was >= 0 && is >= 0)) {
      return refused(`table refused: bin ${nameOf(i)} counts ${was} and ${is}, expected whole numbers of 0 or more`);
    }
    if (was + is === 0) continue;
    kept.push(i);
    baselineCount += was;
    currentCount += is;
  }
  if (baselineCount === 0) return refused('table refused: the baseline has no values');
  if (currentCount === 0) return refused('table refused: there are no current values');
  if (!Number.isSafeInteger(baselineCount + currentCount)) {
    return refused(`table refused: ${baselineCount + currentCount} values are more than can be counted exactly`);
  }
  return {
    ok: true,
    binning,
    baseline: Float64Array.from(kept, (i) => baseline[i] as number),
    current: Float64Array.from(kept, (i) => current[i] as number),
    baselineCount,
    currentCount,
    nameOf: (bin) => nameOf(kept[bin] as number),
  };
}
