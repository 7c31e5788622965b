import { useMemo } from 'preact/hooks';
import type { Chart } from '../../core/charts/chart.ts';
import { layoutOf } from '../../core/charts/layout.ts';
import { ChartBody } from './chart-body.tsx';

/**
 * A small chart in a row, without axes. What it shows is said in words beside it, so it is a
 * picture only.
 */
export function Spark({ chart, width = 120, height = 32 }: { chart: Chart; width?: number; height?: number }) {
  const layout = useMemo(() => layoutOf(chart, { width, plotHeight: height, bare: true }), [chart, width, height]);
  return (
    <svg
      class="chart-spark"
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      width={width}
      height={layout.height}
      aria-hidden="true"
    >
      <ChartBody layout={layout} />
    </svg>
  );
}
