import { formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { FeatureDetailDto } from '../../../http/api/dto/feature.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

type Moments = FeatureDetailDto['history'];

/**
 * How a feature went: nine of ten values lie in the band, half of them on each side of the line.
 */
export function OverTime({ history, unit }: { history: Moments; unit: string | undefined }) {
  if (history.length === 0) return null;
  const numbers = history.flatMap(({ side }) => side.numbers ?? []);
  const low = Math.min(...numbers.map((one) => one.low));
  const high = Math.max(...numbers.map((one) => one.high));
  const room = high - low || 1;
  const xOf = (index: number): string => ((100 * (index + 0.5)) / history.length).toFixed(2);
  const yOf = (value: number): string => (97 - (94 * (value - low)) / room).toFixed(2);
  const known = history.flatMap(({ side }, index) => (side.numbers === undefined ? [] : [{ index, ...side.numbers }]));
  const line = known.map(({ index, median }, place) => `${place === 0 ? 'M' : 'L'}${xOf(index)} ${yOf(median)}`).join('');
  const top = known.map(({ index, high: one }) => `${xOf(index)} ${yOf(one)}`);
  const bottom = known.map(({ index, low: one }) => `${xOf(index)} ${yOf(one)}`).reverse();
  const [first, last] = [known[0], known.at(-1)];
  const text =
    first === undefined || last === undefined
      ? `${history.length} spans, by their shares of null and distinct values.`
      : `The median went from ${formatValue(first.median)} to ${formatValue(last.median)}${unit === undefined ? '' : ` ${unit}`} in ${history.length} spans.`;
  return (
    <Panel
      title="Over time"
      end={
        <CopyButton text={() => csvOf(history)} what="The table">
          Copy as CSV
        </CopyButton>
      }
    >
      <figure class="in over-time">
        {known.length < 2 ? null : (
          <div class="scale">
            <p class="small dim3" aria-hidden="true">
              <span>{formatValue(high)}</span>
              <span>{formatValue(low)}</span>
            </p>
            <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={text}>
              <path class="band" d={`M${[...top, ...bottom].join('L')}Z`} />
              <path class="line" d={line} vector-effect="non-scaling-stroke" />
            </svg>
          </div>
        )}
        <figcaption class="dim small">{text} The band holds nine of ten values.</figcaption>
        <details class="no-print">
          <summary>Show as table</summary>
          <MomentTable history={history} />
        </details>
      </figure>
    </Panel>
  );
}

const MomentTable = ({ history }: { history: Moments }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
  <div class="scroll" tabIndex={0} role="region" aria-label="The feature over time">
    <table>
      <thead>
        <tr>
          <th scope="col">From</th>
          {['Values', 'Null', 'Distinct', '5 %', 'Median', '95 %'].map((name) => (
            <th key={name} scope="col" class="num">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {history.toReversed().map(({ from, side }) => (
          <tr key={from}>
            <td>
              <Time at={from} />
            </td>
            <td class="num">{side.values}</td>
            <td class="num">{side.records === 0 ? '–' : formatPercent(side.nulls / side.records)}</td>
            <td class="num">{side.distinct}</td>
            {(['low', 'median', 'high'] as const).map((name) => (
              <td key={name} class="num">
                {side.numbers === undefined ? '–' : formatValue(side.numbers[name])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const csvOf = (history: Moments): string =>
  [
    'from,to,values,nulls,distinct,low,median,high',
    ...history.map(({ from, to, side }) =>
      [from, to, side.values, side.nulls, side.distinct, side.numbers?.low, side.numbers?.median, side.numbers?.high].join(','),
    ),
  ]
    .join('\n')
    .concat('\n');
