import { chiSquareTail } from '../chi-square.ts';
import { type Refused, refused } from '../refused.ts';
import { regrouped } from './cochran.ts';
import type { Table } from './table.ts';
import type { DriftValue } from './value.ts';
import { describeZeros, sharesOf, type ZeroHandling } from './zeros.ts';

/**
 * The Population Stability Index: the sum over bins of (current - baseline) log(current /
 * baseline), in nats; symmetric, from 0. Without drift, PSI / (1/n + 1/m) is about chi-square with
 * (bins - 1) degrees of freedom; that gives the p-value. It is absent when expected counts are too
 * small (Cochran's rule) or there is only one bin. With zero handling `none`, an empty bin is
 * refused, since PSI would be infinite. Source: B. Yurdakul and J. Naranjo, Statistical properties
 * of the population stability index, Journal of Risk Model Validation 14 (2020) 89-100.
 */
export function populationStabilityIndex(
  table: Table,
  zeros: ZeroHandling = { kind: 'pseudocount', add: 0.5 },
): DriftValue | Refused {
  const { baseline, current } = sharesOf(table, zeros);
  let value = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const was = baseline[i] as number;
    const is = current[i] as number;
    if (was === 0 || is === 0) {
      return refused(`PSI refused: ${table.nameOf(i)} is empty on one side, so PSI is infinite; choose a zero handling`);
    }
    value += (is - was) * Math.log(is / was);
  }
  const degreesOfFreedom = baseline.length - 1;
  const statistic = value / (1 / table.baselineCount + 1 / table.currentCount);
  const hasTest = degreesOfFreedom > 0 && regrouped(table) === table;
  return {
    ok: true,
    measure: 'psi',
    value,
    effectUnits: 'nats',
    ...(hasTest && {
      pValue: chiSquareTail(statistic, degreesOfFreedom),
      test: { method: 'chi-square limit of PSI', statistic, degreesOfFreedom },
    }),
    binning: table.binning,
    zero: describeZeros(zeros),
    logBase: 'e',
    baselineCount: table.baselineCount,
    currentCount: table.currentCount,
  };
}
