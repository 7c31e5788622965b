import type { VerdictStatus } from '../../../detection/verdict.ts';
import type { HistoryEntry } from './entry.ts';
import { worstFirst } from './thin.ts';

/**
 * A small chart: one value for each slot of `slotMs` from `from` on; undefined where nothing is
 * known.
 */
export type Sparkline = {
  from: number;
  slotMs: number;
  values: (number | undefined)[];
  /** As of the latest entry that has them. */
  baseline?: number;
  warn?: number;
  critical?: number;
};

/**
 * The last `slots` slots up to `to`, which lies in the last one. Slots begin at multiples of their
 * length, so that a chart does not shake from one minute to the next. Of several entries the worst
 * counts, so that no breach is lost; of equal ones the last.
 */
export function sparklineOf(entries: readonly HistoryEntry[], { to, spanMs, slots }: SparklineSpan): Sparkline {
  const { slotMs, from } = gridOf({ to, spanMs, slots });
  const values = new Array<number | undefined>(slots).fill(undefined);
  const seen = new Array<VerdictStatus | undefined>(slots).fill(undefined);
  for (const { at, value, status } of entries) {
    const slot = Math.floor((at - from) / slotMs);
    if (value === undefined || slot < 0 || slot >= slots) continue;
    const before = seen[slot];
    if (before !== undefined && worstFirst.indexOf(before) < worstFirst.indexOf(status)) continue;
    values[slot] = value;
    seen[slot] = status;
  }
  carry(entries, values, { from, slotMs });
  const last = (name: 'baseline' | 'warn' | 'critical') => entries.findLast((entry) => entry[name] !== undefined)?.[name];
  const [baseline, warn, critical] = [last('baseline'), last('warn'), last('critical')];
  return {
    ...{ from, slotMs, values },
    ...(baseline !== undefined && { baseline }),
    ...(warn !== undefined && { warn }),
    ...(critical !== undefined && { critical }),
  };
}

export type SparklineSpan = { to: number; spanMs: number; slots: number };

/** Where its slots begin; entries from there on are needed. */
export function gridOf({ to, spanMs, slots }: SparklineSpan): { slotMs: number; from: number } {
  const slotMs = Math.max(1, Math.ceil(spanMs / slots));
  return { slotMs, from: (Math.floor(to / slotMs) - slots + 1) * slotMs };
}

/** History keeps what goes on at least this often; what lies further apart is a gap. */
const longestPause = 65 * 60_000;

/** What goes on is kept now and then only, so a value stands until the next one. */
function carry(
  entries: readonly HistoryEntry[],
  values: (number | undefined)[],
  { from, slotMs }: { from: number; slotMs: number },
): void {
  for (const [place, { at, value }] of entries.entries()) {
    const next = entries[place + 1];
    if (value === undefined || next?.value === undefined || next.at - at > longestPause) continue;
    const until = Math.min(values.length, Math.floor((next.at - from) / slotMs));
    for (let slot = Math.max(0, Math.floor((at - from) / slotMs) + 1); slot < until; slot += 1) values[slot] ??= value;
  }
}
