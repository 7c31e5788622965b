import type { Chart } from '../../core/charts/chart.ts';
import type { TimeTick } from '../../core/charts/ticks.ts';
import { chartTime, markText } from '../../core/charts/words.ts';

/** The flags of a chart, for those who do not see them. */
export function ChartMarks({ chart, timeText }: { chart: Chart; timeText(tick: TimeTick): string }) {
  if (chart.marks.length === 0) return null;
  return (
    <ul class="vh" aria-label="What happened meanwhile">
      {chart.marks.map((mark) => (
        <li key={`${mark.at} ${mark.kind} ${mark.text}`}>
          {chartTime(mark.at, chart, timeText)}: {markText(mark)}
        </li>
      ))}
    </ul>
  );
}
