import type { Chart } from '../../core/charts/chart.ts';
import { formatValue } from '../../core/vocabulary/format.ts';

/** What the signs mean, of those that this chart has. */
export function ChartKey({ chart: { points, marks, isPinned } }: { chart: Chart }) {
  const has = (name: 'interval' | 'provisional' | 'first' | 'baseline' | 'warn' | 'critical'): boolean =>
    points.some(({ [name]: value }) => value !== undefined);
  /** Seen at the right edge of the chart. */
  const lastOf = (name: 'baseline' | 'warn' | 'critical'): string => {
    const last = points.findLast(({ [name]: value }) => value !== undefined)?.[name];
    return last === undefined ? '' : formatValue(last);
  };
  const isUnjudged = points.some(({ verdict }) => verdict === 'not judged');
  return (
    <ul class="chart-key small dim" aria-label="Key">
      <li>
        <svg viewBox="0 0 20 10" aria-hidden="true">
          <path class="c-line" d="M0 5h20" />
        </svg>
        judged
      </li>
      {has('provisional') ? (
        <li>
          <svg viewBox="0 0 20 10" aria-hidden="true">
            <path class="c-line c-provisional" d="M0 5h20" />
            <circle class="c-hollow" cx="10" cy="5" r="2.8" />
          </svg>
          may still change
        </li>
      ) : null}
      {has('first') ? (
        <li>
          <svg viewBox="0 0 20 10" aria-hidden="true">
            <path class="c-first" d="M6 5h8" />
          </svg>
          first judged
        </li>
      ) : null}
      {has('interval') ? (
        <li>
          <svg viewBox="0 0 20 10" aria-hidden="true">
            <path class="c-interval" d="M0 1h20v8h-20z" />
          </svg>
          interval
        </li>
      ) : null}
      {has('baseline') ? (
        <li>
          <svg viewBox="0 0 20 10" aria-hidden="true">
            <path class="c-baseline" d="M0 5h20" />
          </svg>
          baseline <span class="vh">{lastOf('baseline')}</span>
          {isPinned ? ', pinned' : ''}
        </li>
      ) : null}
      {(['warn', 'critical'] as const).map((name) =>
        has(name) ? (
          <li key={name}>
            <svg viewBox="0 0 20 10" aria-hidden="true">
              <path class={`c-${name}-line`} d="M0 5h20" />
            </svg>
            {name} <span class="vh">{lastOf(name)}</span>
          </li>
        ) : null,
      )}
      {isUnjudged ? (
        <li>
          <svg viewBox="0 0 20 10" aria-hidden="true">
            {[3, 8, 13, 18].map((x) => (
              <circle key={x} class="c-unjudged" cx={x} cy="5" r="1.4" />
            ))}
          </svg>
          not judged
        </li>
      ) : null}
      {marks.some(({ kind }) => kind === 'page') ? (
        <li>
          <svg viewBox="0 0 20 10" aria-hidden="true">
            <path class="c-page" d="M10 1l4 8h-8z" />
          </svg>
          paged
        </li>
      ) : null}
    </ul>
  );
}
