import { chiSquareTail } from '../chi-square.ts';
import { type Refused, refused } from '../refused.ts';
import { regrouped } from './cochran.ts';
import type { Table } from './table.ts';
import type { DriftValue } from './value.ts';

/**
 * Pearson's chi-square test that both rows come from one distribution. The rarest bins are joined
 * until Cochran's rule holds; no Yates' correction. The effect is Cramer's V, sqrt(chi-square / (n
 * + m)), 0 to 1, which does not grow with the counts. A table of one bin shows no difference: 0,
 * with p = 1. Refused when the counts are too small for two bins.
 */
export function chiSquareHomogeneity(table: Table): DriftValue | Refused {
  const { binning, baselineCount, currentCount } = table;
  const single = table.baseline.length === 1;
  const joined = single ? table : regrouped(table);
  if (joined === undefined) {
    return refused(`chi-square refused: ${baselineCount} and ${currentCount} values are too few for two bins by Cochran's rule`);
  }
  const all = baselineCount + currentCount;
  let statistic = 0;
  for (let i = 0; i < joined.baseline.length; i += 1) {
    const was = joined.baseline[i] as number;
    const is = joined.current[i] as number;
    // Sums (observed - expected)^2 / expected over both rows, written with shares so that no
    // product overflows.
    const difference = was / baselineCount - is / currentCount;
    statistic += (difference * difference * baselineCount * currentCount) / (was + is);
  }
  const degreesOfFreedom = joined.baseline.length - 1;
  return {
    ok: true,
    measure: 'chi-square',
    value: Math.min(1, Math.sqrt(statistic / all)),
    effectUnits: "Cramer's V, 0 to 1",
    pValue: single ? 1 : chiSquareTail(statistic, degreesOfFreedom),
    test: { method: "Pearson's chi-square", statistic, degreesOfFreedom },
    binning,
    zero: "rare bins joined by Cochran's rule",
    baselineCount,
    currentCount,
  };
}
