import type { Table } from './table.ts';

/** Cochran: expected counts below `few` must be rare, and none may be below `least`. */
const few = 5;
const least = 1;
const fewShare = 0.2;

/**
 * Joins the rarest bins (of both rows together) into one, as few as possible, until the chi-square
 * approximation holds: no expected count below 1, at most a fifth below 5. The choice sees only the
 * sums of both rows, so it cannot favour a difference. Returns the table unchanged if it already
 * holds; undefined if fewer than two bins would remain. Source: W. G. Cochran, Some methods for
 * strengthening the common chi-square tests, Biometrics 10 (1954) 417-451.
 */
export function regrouped(table: Table): Table | undefined {
  const all = table.baselineCount + table.currentCount;
  const small = Math.min(table.baselineCount, table.currentCount) / all;
  const large = Math.max(table.baselineCount, table.currentCount) / all;
  const pooled = table.baseline.map((count, i) => count + (table.current[i] as number));
  const order = Array.from(pooled.keys()).sort((a, b) => (pooled[a] as number) - (pooled[b] as number));
  const bins = order.length;
  const pooledAt = (place: number): number => pooled[order[place] as number] ?? 0;
  const below = (bound: number): number => {
    const place = order.findIndex((i) => (pooled[i] as number) >= bound);
    return place < 0 ? bins : place;
  };
  const belowSmall = below(few / small);
  const belowLarge = below(few / large);

  let group = 0;
  for (let joined = 1; joined < bins; joined += 1) {
    group += pooledAt(joined - 1);
    const rest = Math.max(0, belowSmall - joined) + Math.max(0, belowLarge - joined);
    const cells = rest + Number(group * small < few) + Number(group * large < few);
    const rarest = Math.min(group, pooledAt(joined));
    if (rarest * small >= least && cells <= fewShare * 2 * (bins - joined + 1)) {
      return joined === 1 ? table : joinedTable(table, order, joined);
    }
  }
  return undefined;
}

function joinedTable(table: Table, order: readonly number[], joined: number): Table {
  const group = order.slice(0, joined);
  const rest = order.slice(joined).sort((a, b) => a - b);
  const row = (counts: Float64Array): Float64Array => {
    const sum = group.reduce((total, i) => total + (counts[i] as number), 0);
    return Float64Array.from([...rest.map((i) => counts[i] as number), sum]);
  };
  const nameOf = (bin: number): string => (bin < rest.length ? table.nameOf(rest[bin] as number) : `${joined} rare bins`);
  return { ...table, baseline: row(table.baseline), current: row(table.current), nameOf };
}
