import type { Chart, ChartPoint, ChartVerdict } from '../../core/charts/chart.ts';
import type { ChartDto } from '../../http/api/dto/chart.ts';
import { csvOf } from '../parts/csv.ts';

type Status = ChartDto['points'][number]['status'];

const verdictOf: Readonly<Record<Status, ChartVerdict>> = {
  ok: 'ok',
  warn: 'warn',
  critical: 'critical',
  'insufficient evidence': 'not judged',
  'no data': 'not judged',
  error: 'not judged',
};

/** A chart as the server tells it, as the geometry takes it. */
export const chartOfDto = ({ title, from, to, points, marks, isPinned }: ChartDto): Chart => ({
  ...{ title, from: Date.parse(from), to: Date.parse(to), isPinned },
  points: points.map(
    ({ at, status, reason: _reason, ...point }): ChartPoint => ({ ...point, at: Date.parse(at), verdict: verdictOf[status] }),
  ),
  marks: marks.map(({ at, kind, text }) => ({ at: Date.parse(at), kind, text })),
});

const columns = [
  'at',
  'value',
  'count',
  'low',
  'high',
  'baseline',
  'warn',
  'critical',
  'verdict',
  'first',
  'provisional',
] as const;

/** The points as CSV. */
export function chartCsv({ points }: Pick<Chart, 'points'>): string {
  const rows = points.map((point) => {
    const { at, value, count, interval, baseline, warn, critical, verdict, first, provisional } = point;
    return [
      new Date(at).toISOString(),
      value,
      count,
      interval?.low,
      interval?.high,
      baseline,
      warn,
      critical,
      verdict,
      first,
      provisional,
    ];
  });
  return csvOf([columns, ...rows]);
}
