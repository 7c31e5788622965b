import { normalTail } from '../../statistics/normal.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';

/** The test whether one point lies past one band's bound, and its p-value at the bound. */
export type PointTest = { at: number; band: Severity; pValue: number };

/**
 * The chance of a ratio at least this bad if its true value lay at the bound: the score test,
 * consistent with the Wilson interval. A bound outside [0, 1] is passed always or never.
 */
export function scoreTail(ratio: number, bound: number, count: number, sign: 1 | -1): number {
  const beyond = sign * (ratio - bound);
  if (!(beyond > 0)) return 1;
  if (bound <= 0 || bound >= 1) return 0;
  return normalTail(beyond / Math.sqrt((bound * (1 - bound)) / count));
}
