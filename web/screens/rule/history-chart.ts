import type { Chart, ChartMark, ChartVerdict } from '../../../core/charts/chart.ts';
import type { HistoryDto } from '../../../http/api/dto/history.ts';
import type { RuleDetailDto } from '../../../http/api/dto/rule-detail.ts';
import { csvOf } from '../../parts/csv.ts';

type Entry = HistoryDto['entries'][number];

export const verdictOf: Readonly<Record<Entry['status'], ChartVerdict>> = {
  ok: 'ok',
  warn: 'warn',
  critical: 'critical',
  'insufficient evidence': 'not judged',
  'no data': 'not judged',
  error: 'not judged',
};

/**
 * The history of a series as a chart; each incident of its rule is a page, where it began, and each
 * version a flag.
 */
export function chartOfHistory(
  title: string,
  { from, to, entries }: HistoryDto,
  { incidents, versions }: Pick<RuleDetailDto, 'incidents' | 'versions'>,
): Chart {
  const begins = entries[0] === undefined ? Date.parse(from) : Math.max(Date.parse(from), Date.parse(entries[0].at));
  const ends = Date.parse(to);
  const marks = [
    ...incidents.map(({ since, title: text }): ChartMark => ({ at: Date.parse(since), kind: 'page', text })),
    ...versions.map(({ at, version }): ChartMark => ({ at: Date.parse(at), kind: 'deploy', text: version })),
  ]
    .filter(({ at }) => at >= begins && at <= ends)
    .sort((a, b) => a.at - b.at);
  return {
    ...{ title, from: begins, to: ends, marks, isPinned: false },
    points: entries.map(({ at, status, value, count, interval, of, baseline, warn, critical, provisional, first }) => ({
      ...{ at: Date.parse(at), verdict: verdictOf[status], value, count, interval, of, baseline, warn, critical, provisional },
      first: first?.value,
    })),
  };
}

const columns = [
  'at',
  'value',
  'count',
  'low',
  'high',
  'baseline',
  'warn',
  'critical',
  'breaching',
  'looked',
  'status',
  'reason',
];

/** Judgements as CSV, the newest first as they are listed. */
export function judgementsCsv(entries: readonly Entry[]): string {
  const rows = entries.map(({ at, value, count, interval, baseline, warn, critical, breaching, looked, status, reason }) => [
    ...[at, value, count, interval?.low, interval?.high, baseline, warn, critical, breaching, looked, status, reason],
  ]);
  return csvOf([columns, ...rows]);
}
