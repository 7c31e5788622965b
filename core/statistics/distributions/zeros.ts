import type { Table } from './table.ts';

/**
 * What to do about bins that are empty on one side, where a logarithm would be infinite.
 * pseudocount: `add` is added to every count of both sides (1/2: Jeffreys' prior), which keeps the
 * value near its meaning for small samples too. floor: shares below `at` count as `at`, without
 * scaling the others, as common drift tools do.
 */
export type ZeroHandling = { kind: 'none' } | { kind: 'pseudocount'; add: number } | { kind: 'floor'; at: number };

export const asTheyAre = 'as they are';

export function describeZeros(zeros: ZeroHandling): string {
  if (zeros.kind === 'pseudocount') return `${zeros.add} added to each count`;
  if (zeros.kind === 'floor') return `shares of at least ${zeros.at}`;
  return asTheyAre;
}

/** The shares of both rows. Throws a RangeError for an `add` or an `at` that is not above 0. */
export function sharesOf(table: Table, zeros: ZeroHandling): { baseline: Float64Array; current: Float64Array } {
  const row = (counts: Float64Array, total: number): Float64Array => {
    if (zeros.kind === 'none') return counts.map((count) => count / total);
    if (zeros.kind === 'floor') {
      if (!(zeros.at > 0 && zeros.at < 1)) throw new RangeError(`expected a floor between 0 and 1; received ${zeros.at}`);
      return counts.map((count) => Math.max(count / total, zeros.at));
    }
    if (!(zeros.add > 0 && zeros.add < 1e6)) throw new RangeError(`expected a pseudocount above 0; received ${zeros.add}`);
    const all = total + zeros.add * counts.length;
    return counts.map((count) => (count + zeros.add) / all);
  };
  return { baseline: row(table.baseline, table.baselineCount), current: row(table.current, table.currentCount) };
}
