import type { Table } from './table.ts';
import type { DriftValue } from './value.ts';
import { asTheyAre } from './zeros.ts';

/**
 * The Jensen-Shannon divergence of the two rows' shares: the mean of each row's Kullback-Leibler
 * divergence from their middle. From 0 to 1 in bits (base 2), to log 2 in nats (base e). Empty bins
 * need no handling. Source: J. Lin, Divergence measures based on the Shannon entropy, IEEE
 * Transactions on Information Theory 37 (1991) 145-151.
 */
export function jensenShannonDivergence(table: Table, logBase: '2' | 'e' = '2'): DriftValue {
  return named(table, 'jensen-shannon divergence', divergence(table, logBase), logBase === '2' ? 'bits' : 'nats', logBase);
}

/**
 * The square root of the divergence, which is a metric; what scipy.spatial.distance.jensenshannon
 * gives.
 */
export function jensenShannonDistance(table: Table, logBase: '2' | 'e' = '2'): DriftValue {
  const units = logBase === '2' ? '0 to 1' : '0 to sqrt(log 2)';
  return named(table, 'jensen-shannon distance', Math.sqrt(divergence(table, logBase)), units, logBase);
}

function divergence({ baseline, current, baselineCount, currentCount }: Table, logBase: '2' | 'e'): number {
  let sum = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const was = (baseline[i] as number) / baselineCount;
    const is = (current[i] as number) / currentCount;
    sum += (was + is) * excess((was - is) / (was + is));
  }
  const most = logBase === '2' ? 1 : Math.LN2;
  return Math.min(most, logBase === '2' ? sum / 4 / Math.LN2 : sum / 4);
}

/**
 * (1 + d) log(1 + d) + (1 - d) log(1 - d) for -1 <= d <= 1, as a series near 0, where the two terms
 * would cancel.
 */
function excess(d: number): number {
  const square = d * d;
  if (square === 1) return 2 * Math.LN2;
  if (square < 1e-4) return square * (1 + square * (1 / 6 + square * (1 / 15 + square * (1 / 28 + square / 45))));
  return (1 + d) * Math.log1p(d) + (1 - d) * Math.log1p(-d);
}

function named(table: Table, measure: DriftValue['measure'], value: number, effectUnits: string, logBase: '2' | 'e'): DriftValue {
  const { binning, baselineCount, currentCount } = table;
  return { ok: true, measure, value, effectUnits, binning, zero: asTheyAre, logBase, baselineCount, currentCount };
}
