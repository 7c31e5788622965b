import type { VerdictStatus } from '../../../detection/verdict.ts';
import type { HistoryEntry } from './entry.ts';

/** The worst first. Not judged is not well, but no breach either. */
export const worstFirst: readonly VerdictStatus[] = ['critical', 'warn', 'error', 'no data', 'insufficient evidence', 'ok'];

/**
 * One entry a point, oldest first. Where a point was judged again, the last judgement counts, and
 * `first` says what was found at first.
 */
export function revised(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const byPoint = new Map<number, HistoryEntry>();
  for (const entry of entries.toSorted((a, b) => a.judgedAt - b.judgedAt)) {
    const known = byPoint.get(entry.at);
    byPoint.set(entry.at, known === undefined ? entry : after(known, entry));
  }
  return [...byPoint.values()].sort((a, b) => a.at - b.at);
}

function after(known: HistoryEntry, entry: HistoryEntry): HistoryEntry {
  if (known.value === entry.value && known.status === entry.status)
    return { ...entry, ...(known.first && { first: known.first }) };
  const { judgedAt, status, value } = known;
  return { ...entry, first: known.first ?? { judgedAt, status, ...(value === undefined ? {} : { value }) } };
}

/**
 * At most one entry for each span of `ms`, the last of it: with the lowest and highest value of
 * all, and with the worst status and its reason. An entry that stands alone stays as it is.
 */
export function thinned(entries: readonly HistoryEntry[], ms: number): HistoryEntry[] {
  const spans = Map.groupBy(revised(entries), ({ at }) => Math.floor(at / ms));
  return [...spans.values()].map(summaryOf);
}

function summaryOf(entries: readonly HistoryEntry[]): HistoryEntry {
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return only;
  const last = entries.at(-1) as HistoryEntry;
  const leading = entries.toSorted((a, b) => worstFirst.indexOf(a.status) - worstFirst.indexOf(b.status))[0] ?? last;
  const valued = entries.filter(({ value }) => value !== undefined);
  const { value, count, baseline, warn, critical, provisional } = valued.at(-1) ?? {};
  const ofAll = {
    points: entries.reduce((sum, { of }) => sum + (of?.points ?? 1), 0),
    low: Math.min(...valued.map((one) => one.of?.low ?? (one.value as number))),
    high: Math.max(...valued.map((one) => one.of?.high ?? (one.value as number))),
  };
  return {
    at: last.at,
    judgedAt: Math.max(...entries.map(({ judgedAt }) => judgedAt)),
    status: leading.status,
    reason: leading.reason,
    ...(value === undefined ? {} : { value, of: ofAll }),
    ...(count === undefined ? {} : { count }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(warn === undefined ? {} : { warn }),
    ...(critical === undefined ? {} : { critical }),
    ...(provisional === undefined ? {} : { provisional }),
  };
}

/** Few enough for a chart: spans as short as at most `most` entries allow. */
export function atMost(entries: readonly HistoryEntry[], span: { from: number; to: number }, most: number): HistoryEntry[] {
  const all = revised(entries);
  if (all.length <= most) return all;
  // Spans begin at multiples of their length, so the first and the last may be cut.
  return thinned(all, Math.max(1, Math.ceil((span.to - span.from) / Math.max(1, most - 1))));
}
