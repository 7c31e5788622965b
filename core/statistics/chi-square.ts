import { gammaUpper } from './incomplete-gamma.ts';

/**
 * The share of the chi-square distribution above `statistic`; degrees > 0, relative error about
 * 1e-13.
 */
export function chiSquareTail(statistic: number, degrees: number): number {
  return gammaUpper(degrees / 2, statistic / 2);
}
