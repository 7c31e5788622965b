import { useState } from 'preact/hooks';
import type { Chart } from '../../core/charts/chart.ts';
import { marksSince, markText } from '../../core/charts/words.ts';
import { formatValue } from '../../core/vocabulary/format.ts';
import { Time } from '../parts/time.tsx';

const text = (value: number | undefined): string => (value === undefined ? '–' : formatValue(value));

/** The points as a table, the latest first; made only when somebody opens it. */
export function ChartTable({ chart }: { chart: Chart }) {
  const [isOpen, setOpen] = useState(false);
  const bands = (['warn', 'critical'] as const).filter((name) => chart.points.some(({ [name]: bound }) => bound !== undefined));
  return (
    <details class="chart-table" onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}>
      <summary>Show as table</summary>
      {isOpen ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section class="scroll" tabIndex={0} aria-label={`${chart.title}, table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col" class="num">
                  Value
                </th>
                <th scope="col" class="num">
                  Count
                </th>
                <th scope="col" class="num">
                  Interval
                </th>
                <th scope="col" class="num">
                  Baseline
                </th>
                {bands.map((name) => (
                  <th key={name} scope="col" class="num">
                    {name === 'warn' ? 'Warn from' : 'Critical from'}
                  </th>
                ))}
                <th scope="col">Verdict</th>
                {chart.marks.length === 0 ? null : <th scope="col">Meanwhile</th>}
              </tr>
            </thead>
            <tbody>
              {chart.points.toReversed().map((point) => {
                const { at, value, count, interval, baseline, verdict, provisional, first } = point;
                return (
                  <tr key={at}>
                    <td>
                      <Time at={at} />
                    </td>
                    <td class="num">
                      {text(value)}
                      {first === undefined || first === value ? '' : ` (first ${text(first)})`}
                    </td>
                    <td class="num">{count ?? '–'}</td>
                    <td class="num">{interval === undefined ? '–' : `${text(interval.low)} to ${text(interval.high)}`}</td>
                    <td class="num">{text(baseline)}</td>
                    {bands.map((name) => (
                      <td key={name} class="num">
                        {text(point[name])}
                      </td>
                    ))}
                    <td>
                      {verdict}
                      {provisional === undefined ? '' : ', may still change'}
                    </td>
                    {chart.marks.length === 0 ? null : <td>{marksSince(point, chart).map(markText).join(', ')}</td>}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      ) : null}
    </details>
  );
}
