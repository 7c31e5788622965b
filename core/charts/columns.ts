import type { PlotPoint } from './plot.ts';

/** One column of a plot; undefined if it is empty. */
export type Column = {
  low: number;
  high: number;
  baseline: number | undefined;
  warn: number | undefined;
  critical: number | undefined;
};

export type Columns = { columns: (Column | undefined)[]; low: number; high: number };

/**
 * Reduces a series of verdicts to `count` columns from `from` to `to`: the lowest and highest value
 * of each, so that no spike is lost, and the last bounds. `low` and `high` span everything visible,
 * bounds included.
 */
export function columnsOf(judgements: readonly PlotPoint[], from: number, to: number, count: number): Columns {
  const columns = new Array<Column | undefined>(count).fill(undefined);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { at, value, baseline, warn, critical } of judgements) {
    if (value === undefined || at < from || at > to) continue;
    const index = columnAt(at, from, to, count);
    const before = columns[index];
    columns[index] = {
      low: Math.min(value, before?.low ?? value),
      high: Math.max(value, before?.high ?? value),
      baseline,
      warn,
      critical,
    };
    for (const one of [value, baseline, warn, critical]) {
      if (one === undefined) continue;
      low = Math.min(low, one);
      high = Math.max(high, one);
    }
  }
  if (low > high) return { columns, low: 0, high: 1 };
  // Gives a constant series some room above and below.
  const room = high === low ? Math.max(Math.abs(high) * 0.1, 1e-9) : 0;
  return { columns, low: low - room, high: high + room };
}

/** The column of a time. The last one includes `to`. */
export function columnAt(at: number, from: number, to: number, count: number): number {
  if (to <= from) return 0;
  return Math.min(count - 1, Math.max(0, Math.floor(((at - from) / (to - from)) * count)));
}

/** A number as an axis label. */
export function axisNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}
