import type { Table } from './table.ts';
import type { DriftValue } from './value.ts';
import { asTheyAre } from './zeros.ts';

/**
 * The Hellinger distance of the two rows' shares: sqrt(1/2 sum (sqrt p - sqrt q)^2), from 0 to 1.
 * Empty bins need no handling. Source: E. Hellinger, Journal fuer die reine und angewandte
 * Mathematik 136 (1909) 210-271.
 */
export function hellinger({ baseline, current, binning, baselineCount, currentCount }: Table): DriftValue {
  let sum = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const difference = Math.sqrt((baseline[i] as number) / baselineCount) - Math.sqrt((current[i] as number) / currentCount);
    sum += difference * difference;
  }
  const value = Math.min(1, Math.sqrt(sum / 2));
  return { ok: true, measure: 'hellinger', value, effectUnits: '0 to 1', binning, zero: asTheyAre, baselineCount, currentCount };
}
