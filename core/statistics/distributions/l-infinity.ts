import type { Table } from './table.ts';
import type { DriftValue } from './value.ts';
import { asTheyAre } from './zeros.ts';

/** The largest difference of shares in one bin, 0 to 1. */
export function lInfinity({ baseline, current, binning, baselineCount, currentCount }: Table): DriftValue {
  let value = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    value = Math.max(value, Math.abs((baseline[i] as number) / baselineCount - (current[i] as number) / currentCount));
  }
  const measure = 'l-infinity';
  return { ok: true, measure, value, effectUnits: 'share of values', binning, zero: asTheyAre, baselineCount, currentCount };
}

/**
 * The largest difference of shares minus `noiseMargin`, at least 0; what Deequ gives for
 * categories.
 */
export function lInfinityRobust(table: Table, alpha?: number): DriftValue {
  const plain = lInfinity(table);
  const value = Math.max(0, plain.value - noiseMargin(table.baselineCount, table.currentCount, alpha));
  return { ...plain, measure: 'l-infinity robust', value, effectUnits: unitsBeyondMargin(alpha) };
}

export function unitsBeyondMargin(alpha: number | undefined): string {
  return `share of values beyond the margin of ${alpha === undefined ? 'c = 1.8' : `alpha = ${alpha}`}`;
}

/**
 * The distance between empirical distributions that two samples of one distribution exceed with
 * chance `alpha`: c sqrt((n + m) / (n m)), c = sqrt(-log(alpha / 2) / 2). Without `alpha`, c = 1.8
 * as in Deequ (alpha about 0.003). Source: D. E. Knuth, The Art of Computer Programming 2, 3rd
 * edition, 3.3.1 (15); Deequ's Distance.selectMetrics.
 */
export function noiseMargin(n: number, m: number, alpha?: number): number {
  if (alpha !== undefined && !(alpha > 0 && alpha < 1)) throw new RangeError(`expected alpha between 0 and 1; received ${alpha}`);
  const c = alpha === undefined ? 1.8 : Math.sqrt(-Math.log(alpha / 2) / 2);
  return c * Math.sqrt(1 / n + 1 / m);
}
