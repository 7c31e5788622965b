import { formatValue } from '../../../core/vocabulary/format.ts';
import type { HistoryDto } from '../../../http/api/dto/history.ts';
import type { Answer } from '../../data/answer.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { type MarkKind, Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { judgementsCsv } from './history-chart.ts';
import { IntervalBar, reachOf } from './interval-bar.tsx';

type Entry = HistoryDto['entries'][number];

const shownAtFirst = 10;
const shownAtMost = 200;

export const statusMark: Readonly<Record<Entry['status'], MarkKind>> = {
  ok: 'ok',
  warn: 'warn',
  critical: 'critical',
  'insufficient evidence': 'unsure',
  'no data': 'none',
  error: 'none',
};

/** What was found, the latest first, each with what it rests on. */
export function Judgements({ history, isAll, showAll }: { history: Answer<HistoryDto>; isAll: boolean; showAll(): void }) {
  if (history.value === undefined && history.fault === undefined && !history.loading) return null;
  const all = history.value?.entries.toReversed() ?? [];
  return (
    <Panel
      title="Judgements"
      end={
        <>
          <CopyButton what="CSV" text={() => judgementsCsv(all)}>
            Copy as CSV
          </CopyButton>
          {isAll || all.length <= shownAtFirst ? null : (
            <button type="button" class="button quiet" onClick={showAll}>
              All {all.length}
            </button>
          )}
        </>
      }
    >
      <Shown answer={history} what="judgements">
        {() => <Table entries={all.slice(0, isAll ? shownAtMost : shownAtFirst)} />}
      </Shown>
      {isAll && all.length > shownAtMost ? (
        <p class="in small dim">
          The latest {shownAtMost} of {all.length}; the CSV has all.
        </p>
      ) : null}
    </Panel>
  );
}

function Table({ entries }: { entries: readonly Entry[] }) {
  if (entries.length === 0) return <p class="in dim">None is kept of this time.</p>;
  const reach = reachOf(entries);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, so that keys scroll it.
    <section class="scroll" tabIndex={0} aria-label="Table of judgements">
      <table>
        <thead>
          <tr>
            <th scope="col">Point</th>
            <th scope="col" class="num">
              Value
            </th>
            <th scope="col" class="num">
              Samples
            </th>
            <th scope="col">Interval, bands</th>
            <th scope="col">Past</th>
            <th scope="col">Verdict</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={`${entry.at} ${entry.judgedAt}`} entry={entry} reach={reach} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The picture of a row for those who do not see it. */
const boundsText = ({ interval, baseline, warn, critical }: Entry): string =>
  [
    ...(interval === undefined ? [] : [`${formatValue(interval.low)} to ${formatValue(interval.high)}`]),
    ...Object.entries({ baseline, warn, critical }).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${formatValue(value)}`],
    ),
  ].join(', ');

function Row({ entry, reach }: { entry: Entry; reach: { low: number; high: number } }) {
  const { at, value, count, status, reason, breaching, looked, provisional, first, of, warn, critical } = entry;
  const beside = [warn, critical].filter((one) => one !== undefined);
  return (
    <tr>
      <td class="nowrap">
        <Time at={at} />
      </td>
      <td class="num strong">{value === undefined ? '–' : formatValue(value, ...beside)}</td>
      <td class="num">{count === undefined ? '–' : Math.round(count)}</td>
      <td>
        {value === undefined ? null : <IntervalBar entry={entry} reach={reach} />}
        <span class="vh">{boundsText(entry)}</span>
      </td>
      <td class="nowrap dim">{looked === undefined ? '' : `${breaching ?? 0} of ${looked}`}</td>
      <td>
        {status === 'ok' ? (
          <span class="dim">ok</span>
        ) : (
          <Tag kind={statusMark[status]}>{status === 'insufficient evidence' ? 'not sure' : status}</Tag>
        )}
      </td>
      <td class="why">
        {reason}
        {provisional === 'labels' ? ' · labels still to come' : provisional === 'estimate' ? ' · an estimate from scores' : ''}
        {first?.value === undefined ? '' : ` · first judged ${formatValue(first.value)}, revised since`}
        {of === undefined ? '' : ` · ${of.points} points from ${formatValue(of.low)} to ${formatValue(of.high)}`}
      </td>
    </tr>
  );
}
