import type { Chart, ChartPoint, ChartVerdict } from '../../core/charts/chart.ts';
import type { SparklineDto } from '../../http/api/dto/sparkline.ts';
import { Spark } from '../charts/spark.tsx';
import { sparkLine } from './spark-line.ts';

/**
 * A small chart as the server tells it, as the geometry takes it. Slots without a value are gaps
 * only if they are many.
 */
export function chartOfSpark({ from, slotMs, values, baseline, warn, critical }: SparklineDto, verdict: ChartVerdict): Chart {
  const start = Date.parse(from);
  const points = values.flatMap((value, slot): ChartPoint[] =>
    value === null ? [] : [{ at: start + slot * slotMs, verdict: 'ok', value, baseline, warn, critical }],
  );
  const last = points.at(-1);
  if (last !== undefined) last.verdict = verdict;
  return { title: '', from: start, to: start + (values.length - 1) * slotMs, points, marks: [], isPinned: false };
}

export function RuleSpark(props: { spark: SparklineDto; verdict: ChartVerdict; width?: number; height?: number }) {
  const { spark, verdict, width = 72, height = 20 } = props;
  return <Spark chart={chartOfSpark(spark, verdict)} width={width} height={height} />;
}

/** No more than a line and its end: there are hundreds of them on a screen. */
export function LineSpark({ spark, width = 56, height = 20 }: { spark: SparklineDto; width?: number; height?: number }) {
  const { d, last } = sparkLine(spark.values, { width, height, room: 3 });
  if (last === undefined) return null;
  return (
    <svg class="line-spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path d={d} />
      <circle cx={last.x} cy={last.y} r="2" />
    </svg>
  );
}
