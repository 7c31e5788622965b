import { normalTail } from '../../statistics/normal.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';

/**
 * The question whether one point of a series lies past the bound of one band, and the chance of as
 * much if it lay at the bound.
 */
export type PointTest = { at: number; band: Severity; pValue: number };

/**
 * The chance of a ratio at least this far on the bad side of a bound, if its true value lay at the
 * bound: the score test, which agrees with the Wilson interval. A bound that no ratio can lie at is
 * passed for certain, or never.
 */
export function scoreTail(ratio: number, bound: number, count: number, sign: 1 | -1): number {
  const beyond = sign * (ratio - bound);
  if (!(beyond > 0)) return 1;
  if (bound <= 0 || bound >= 1) return 0;
  return normalTail(beyond / Math.sqrt((bound * (1 - bound)) / count));
}
