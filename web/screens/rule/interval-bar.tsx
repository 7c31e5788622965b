import { sideOf } from '../../../core/charts/chart.ts';
import type { HistoryDto } from '../../../http/api/dto/history.ts';
import { verdictOf } from './history-chart.ts';

type Entry = HistoryDto['entries'][number];
const width = 96;
const height = 16;

/** The span that all bars of a table share, so that they compare. */
export function reachOf(entries: readonly Entry[]): { low: number; high: number } {
  const all = entries
    .flatMap(({ value, interval, baseline, warn, critical }) => [value, interval?.low, interval?.high, baseline, warn, critical])
    .filter((one) => one !== undefined);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return { low: low - room, high: high + room };
}

/**
 * A value with its interval against the bands and the baseline. Its cell says the same in numbers.
 */
export function IntervalBar({ entry, reach: { low, high } }: { entry: Entry; reach: { low: number; high: number } }) {
  const { value = 0, interval, baseline, warn, critical, status } = entry;
  const x = (at: number): number => Math.round(((at - low) / (high - low)) * width * 10) / 10;
  const side = sideOf([{ at: 0, verdict: verdictOf[status], value, warn, critical, baseline }]);
  const field = (bound: number | undefined, name: string) =>
    bound === undefined ? null : (
      <rect
        class={name}
        x={side === 'below' ? 0 : x(bound)}
        y="2"
        width={side === 'below' ? x(bound) : width - x(bound)}
        height="12"
      />
    );
  const look = status === 'critical' || status === 'warn' ? status : 'calm';
  return (
    <svg class={`interval ${look}`} viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      {field(warn, 'c-warn-field')}
      {field(critical, 'c-critical-field')}
      {baseline === undefined ? null : <path class="c-baseline" d={`M${x(baseline)} 0V${height}`} />}
      {interval === undefined ? null : (
        <path class="span" d={`M${x(interval.low)} 8H${x(interval.high)}M${x(interval.low)} 5v6M${x(interval.high)} 5v6`} />
      )}
      <circle cx={x(value)} cy="8" r="3" />
    </svg>
  );
}
