import type { Judgement } from './history.ts';

/** What lies in one column of a plot; undefined where nothing does. */
export type Column = {
  low: number;
  high: number;
  baseline: number | undefined;
  warn: number | undefined;
  critical: number | undefined;
};

export type Columns = { columns: (Column | undefined)[]; low: number; high: number };

/**
 * A series of verdicts thinned to `count` columns from `from` to `to`: the lowest and the highest value of each, so that
 * no spike is lost, and the bounds as they last were. `low` and `high` span all that is to be seen, bounds included.
 */
export function columnsOf(judgements: readonly Judgement[], from: number, to: number, count: number): Columns {
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
  // A constant series lies in the middle of something.
  const room = high === low ? Math.max(Math.abs(high) * 0.1, 1e-9) : 0;
  return { columns, low: low - room, high: high + room };
}

/** The column of a time; the last one holds `to` as well. */
export function columnAt(at: number, from: number, to: number, count: number): number {
  if (to <= from) return 0;
  return Math.min(count - 1, Math.max(0, Math.floor(((at - from) / (to - from)) * count)));
}

/** A number as it is read on an axis. */
export function axisNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}
