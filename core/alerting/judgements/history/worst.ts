import { degradationOf } from '../../../detection/points/degradation-of.ts';
import type { AlertSummary } from '../../alerts/alert-summary.ts';
import type { HistoryEntry } from './entry.ts';

/**
 * How bad it was: a value, how much worse than its baseline as a fraction of it, where it has one,
 * and when.
 */
export type Worst = { value: number; degradation?: number; at: number };

type Breaching = HistoryEntry & { value: number; bound: number };

/**
 * The value that was furthest past its bound, of those that were judged to be past one; undefined
 * if none is kept. An entry that stands for several points counts by the worst of them.
 */
export function worstOf(entries: readonly HistoryEntry[], alert: Pick<AlertSummary, 'degradation'>): Worst | undefined {
  const breaching = entries.flatMap((entry): Breaching[] => {
    const bound = entry.critical ?? entry.warn;
    const isPast = entry.status === 'warn' || entry.status === 'critical';
    return isPast && entry.value !== undefined && bound !== undefined ? [{ ...entry, value: entry.value, bound }] : [];
  });
  let worst: (Worst & { excess: number }) | undefined;
  for (const entry of breaching) {
    const side = sideOf(entry);
    const value = entry.of === undefined ? entry.value : side === 1 ? entry.of.high : entry.of.low;
    const excess = side * (value - entry.bound);
    if (worst !== undefined && excess <= worst.excess) continue;
    worst = { value, at: entry.at, excess, ...worseBy(entry, value, side, alert) };
  }
  if (worst === undefined) return undefined;
  const { excess: _, ...found } = worst;
  return found;
}

/**
 * 1 where high is bad. Two bounds or a baseline say it; a value alone lies past the bound that it
 * broke.
 */
function sideOf({ value, baseline, warn, critical, bound }: Breaching): 1 | -1 {
  if (warn !== undefined && critical !== undefined && warn !== critical) return critical > warn ? 1 : -1;
  if (baseline !== undefined && baseline !== bound) return bound > baseline ? 1 : -1;
  return value >= bound ? 1 : -1;
}

/** Only where the alert has one: elsewhere a baseline is no measure of how bad a value is. */
function worseBy({ baseline }: Breaching, value: number, side: 1 | -1, alert: Pick<AlertSummary, 'degradation'>): Partial<Worst> {
  if (alert.degradation === undefined || baseline === undefined || baseline === 0) return {};
  return { degradation: degradationOf(value, baseline, side) };
}
