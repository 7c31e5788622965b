import { askingKindOf } from '../../../detection/kinds/table.ts';
import { isAsking, type Rule } from '../../../detection/rules/rule-schema.ts';
import type { VerdictStatus } from '../../../detection/verdict.ts';
import { cut } from '../../../vocabulary/text.ts';
import type { SeriesJudgement } from '../judgement.ts';

/** What was found of a series at one point. Times are milliseconds since the epoch. */
export type HistoryEntry = {
  /** The end of the judged point; of a series that had none, when it was judged. */
  at: number;
  judgedAt: number;
  status: VerdictStatus;
  reason: string;
  value?: number;
  /** Samples behind the value. */
  count?: number;
  baseline?: number;
  /** The bounds of the bands, in units of the metric. */
  warn?: number;
  critical?: number;
  provisional?: 'labels' | 'estimate';
  /** Points past a bound, of those that were looked at. */
  breaching?: number;
  looked?: number;
  /** Set if it stands for several points: how many, and their lowest and highest value. */
  of?: { points: number; low: number; high: number };
  /** Set if it was judged again: what was found at first. */
  first?: { judgedAt: number; status: VerdictStatus; value?: number };
};

export type EntryHead = Pick<HistoryEntry, 'at' | 'judgedAt' | 'status' | 'value'>;

const maxReason = 200;

/** What decides whether an entry is kept: cheap, for most are not. */
export function headOf({ status, found, unjudged }: SeriesJudgement, judgedAt: number): EntryHead {
  if (unjudged !== undefined || found === undefined) return { at: judgedAt, judgedAt, status };
  const { value } = found;
  const at = found.pointAt ?? found.at;
  return Number.isFinite(value)
    ? { at, judgedAt: found.at, status: found.status, value: value as number }
    : { at, judgedAt: found.at, status: found.status };
}

/** What the last judgement of a series adds to its history. */
export function entryOf(rule: Rule, series: SeriesJudgement, judgedAt: number): HistoryEntry {
  const { found, unjudged } = series;
  const head = headOf(series, judgedAt);
  if (unjudged !== undefined || found === undefined) return { ...head, reason: cut(unjudged?.reason ?? '', maxReason) };
  const { count, baseline, bound, provisional, breaching, looked } = found;
  const bounds = isAsking(rule) ? askingKindOf(rule).plotted(rule, { baseline, bound }) : { warn: bound };
  return {
    ...head,
    reason: cut(found.reason, maxReason),
    ...given({ count, baseline: baseline?.kind === 'profile' ? undefined : baseline?.value }),
    ...given({ warn: bounds.warn, critical: bounds.critical }),
    ...(breaching !== undefined && breaching > 0 && looked !== undefined ? { breaching, looked } : {}),
    ...(provisional === undefined ? {} : { provisional }),
  };
}

/** JSON has no infinity and no NaN, and a chart shows neither. */
function given<K extends string>(numbers: Record<K, number | undefined>): Partial<Record<K, number>> {
  const kept: Partial<Record<K, number>> = {};
  for (const name in numbers) if (Number.isFinite(numbers[name])) kept[name] = numbers[name] as number;
  return kept;
}
