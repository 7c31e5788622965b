import type { Table } from './table.ts';
import type { DriftValue } from './value.ts';
import { asTheyAre } from './zeros.ts';

/**
 * The total variation distance: half the sum of the differences of shares; the share of values that
 * changed bins, 0 to 1.
 */
export function totalVariation({ baseline, current, binning, baselineCount, currentCount }: Table): DriftValue {
  let sum = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    sum += Math.abs((baseline[i] as number) / baselineCount - (current[i] as number) / currentCount);
  }
  const value = Math.min(1, sum / 2);
  const measure = 'total variation';
  return { ok: true, measure, value, effectUnits: 'share of values', binning, zero: asTheyAre, baselineCount, currentCount };
}
