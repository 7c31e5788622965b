import { formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { QualityDto } from '../../../http/api/dto/model.ts';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

type Part = QualityDto['by'][number]['parts'][number];

/**
 * How good the model was, in all and in its parts. A part with few predictions has a wide interval.
 */
export function Quality({ quality }: { quality: QualityDto }) {
  const { metric, by, from, to, confidence, total } = quality;
  const name = metric.replaceAll('_', ' ');
  const known = by.filter(({ parts }) => parts.length > 0);
  return (
    <Panel
      title={`${name[0]?.toUpperCase()}${name.slice(1)} by part`}
      end={
        <>
          <Time at={from} /> to <Time at={to} />
        </>
      }
    >
      {known.length === 0 ? <p class="in dim">Nothing is known: {name} needs labels, and none came for the last week.</p> : null}
      {known.map(({ by: split, parts, more }) => (
        <QualityTable key={split} split={split} parts={parts} more={more} total={total} confidence={confidence} name={name} />
      ))}
    </Panel>
  );
}

type TableProps = {
  split: string;
  parts: Part[];
  more: number;
  total: Part | undefined;
  confidence: number | undefined;
  name: string;
};

function QualityTable({ split, parts, more, total, confidence, name }: TableProps) {
  const hasIntervals = parts.some(({ interval }) => interval !== undefined);
  const low = Math.min(...parts.map(({ interval, value }) => interval?.low ?? value), total?.value ?? Infinity);
  const high = Math.max(...parts.map(({ interval, value }) => interval?.high ?? value), total?.value ?? -Infinity);
  const at = (value: number): number => (high > low ? (100 * (value - low)) / (high - low) : 50);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <div class="scroll" tabIndex={0} role="region" aria-label={`${name} by ${split}`}>
      <table class="quality">
        <thead>
          <tr>
            <th scope="col">{split}</th>
            <th scope="col" class="num">
              {name}
            </th>
            {hasIntervals ? (
              <>
                <th scope="col" class="num">
                  {formatPercent(confidence ?? 0.95)} interval
                </th>
                <td class="wide" />
              </>
            ) : null}
            <th scope="col" class="num">
              Predictions
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => {
            const { value, count, interval, labels } = part;
            return (
              <tr key={labels[split] ?? ''}>
                <td>{labels[split] ?? '–'}</td>
                <td class="num strong">{formatValue(value)}</td>
                {hasIntervals ? (
                  <>
                    <td class="num">
                      {interval === undefined ? '–' : `${formatValue(interval.low)} to ${formatValue(interval.high)}`}
                    </td>
                    <td class="wide">
                      {interval === undefined ? null : (
                        <Whisker
                          low={at(interval.low)}
                          high={at(interval.high)}
                          value={at(value)}
                          total={total === undefined ? undefined : at(total.value)}
                        />
                      )}
                    </td>
                  </>
                ) : null}
                <td class="num">{count === undefined ? '–' : Math.round(count)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {more === 0 ? null : <p class="in dim">{more} more, with fewer predictions.</p>}
    </div>
  );
}

/** The interval as a line, the value as a point, the whole model as a dashed line. */
function Whisker({ low, high, value, total }: { low: number; high: number; value: number; total: number | undefined }) {
  return (
    <svg class="whisker" viewBox="-3 0 106 10" preserveAspectRatio="none" aria-hidden="true">
      {total === undefined ? null : <path class="total" d={`M${total} 0V10`} vector-effect="non-scaling-stroke" />}
      <path class="interval" d={`M${low} 5H${high}`} vector-effect="non-scaling-stroke" />
      <path class="value" d={`M${value} 1V9`} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
