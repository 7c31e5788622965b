import { useEffect, useRef, useState } from 'preact/hooks';
import { formatPercent, formatValue } from '../../../core/vocabulary/format.ts';
import type { RuleBacktestDto } from '../../../http/api/dto/rule-backtest.ts';
import type { RuleDetailDto } from '../../../http/api/dto/rule-detail.ts';
import { useView } from '../../data/address.ts';
import { useQuestion } from '../../data/question.ts';
import { useKeys } from '../../frame/keys.ts';
import { useChecked, type Wrong } from '../../parts/checked-form.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

/** What other bounds would have done with what is kept, beside the rule as it is. */
export function Backtest({ detail }: { detail: RuleDetailDto }) {
  const { tries, for: mOfN, rule, keepFiringMs } = detail;
  const { query, set } = useView();
  const form = useRef<HTMLFormElement>(null);
  const { answer, fault, isAsking, ask } = useQuestion<RuleBacktestDto>(`/api/rules/${encodeURIComponent(rule.rule)}/backtest`);
  useKeys('Backtest', {
    p: { text: 'Backtest', run: () => form.current?.querySelector<HTMLElement>('input')?.focus() },
  });
  const [turn, setTurn] = useState(0);
  const [wrong, setWrong] = useState<Wrong<FieldName>>({});
  const { field, error, passes } = useChecked(wrong);
  const isShare = tries?.unit === 'share';
  const shownAs = (value: number | undefined): string =>
    value === undefined ? '' : String(isShare ? Number((value * 100).toPrecision(6)) : value);
  const submit = (event: Event): void => {
    event.preventDefault();
    const read = readFields(new FormData(event.currentTarget as HTMLFormElement), tries ?? {});
    setWrong(read.wrong);
    setTurn((turn) => turn + 1);
    if (Object.keys(read.wrong).length > 0) return;
    const { warn, critical, m, n, keep } = read.values;
    const bound = (value: number | undefined): number | undefined => (value === undefined || !isShare ? value : value / 100);
    set({ warn: warn === undefined ? '' : String(warn), critical: critical === undefined ? '' : String(critical) });
    void ask({
      ...{ warn: bound(warn), critical: bound(critical), days: 45 },
      ...(m === undefined || n === undefined ? {} : { for: { m, n } }),
      ...(keep === undefined ? {} : { keepFiringMs: Math.round(keep * 60_000) }),
    });
  };
  // Told after it is sent, once the fields know what is wrong with them.
  useEffect(() => {
    if (turn > 0) passes();
  }, [turn]);
  if (tries === undefined) return null;
  const unit = isShare ? '% from the baseline' : (detail.metric ?? 'value');
  return (
    <Panel
      title="Backtest: what would other bounds have done?"
      end={
        <span class="wide">
          <kbd>P</kbd>
        </span>
      }
      class="backtest no-print"
    >
      <form ref={form} class="in row" noValidate onSubmit={submit}>
        {(['warn', 'critical'] as const).map((band) =>
          tries[band] === undefined ? null : (
            <div key={band}>
              <label>
                <span class="small dim">
                  {band}, {unit}
                </span>
                <input name={band} inputMode="decimal" {...field(band)} defaultValue={query[band] ?? shownAs(tries[band])} />
              </label>
              {error(band)}
            </div>
          ),
        )}
        <div>
          <label>
            <span class="small dim">points past a bound</span>
            <input name="m" {...field('m')} inputMode="numeric" class="short" defaultValue={String(mOfN.m)} />
          </label>
          {error('m')}
        </div>
        <div>
          <label>
            <span class="small dim">of the last</span>
            <input name="n" {...field('n')} inputMode="numeric" class="short" defaultValue={String(mOfN.n)} />
          </label>
          {error('n')}
        </div>
        <div>
          <label>
            <span class="small dim">keeps firing, minutes</span>
            <input
              name="keep"
              {...field('keep')}
              inputMode="numeric"
              class="short"
              defaultValue={String(Math.round(keepFiringMs / 60_000))}
            />
          </label>
          {error('keep')}
        </div>
        <button type="submit" class="button" aria-disabled={isAsking}>
          {isAsking ? 'Judging what is kept…' : 'Try'}
        </button>
      </form>
      {fault === undefined ? null : (
        <p class="in t-critical" role="alert">
          {fault}
        </p>
      )}
      {answer === undefined ? (
        <p class="in small dim">It rests on the kept history of judgements. Nothing is changed by it.</p>
      ) : (
        <Result result={answer} incidents={detail.incidents} />
      )}
    </Panel>
  );
}

type FieldName = 'warn' | 'critical' | 'm' | 'n' | 'keep';

/** The numbers that were typed; a bound that the rule has must stay. */
function readFields(fields: FormData, tries: { warn?: number | undefined; critical?: number | undefined }) {
  const values: Partial<Record<FieldName, number>> = {};
  const wrong: Wrong<FieldName> = {};
  for (const name of ['warn', 'critical', 'm', 'n', 'keep'] as const) {
    const text = String(fields.get(name) ?? '').trim();
    const value = Number(text);
    if (text !== '' && Number.isFinite(value)) values[name] = value;
    else if (text !== '') wrong[name] = `${text} is not a number.`;
    else if ((name === 'warn' || name === 'critical') && tries[name] !== undefined) wrong[name] = 'Write a number.';
  }
  const { m, n } = values;
  if (m !== undefined && n !== undefined && m > n) wrong.m = `Of ${n} points at most ${n} are past a bound.`;
  return { values, wrong };
}

/** As many incidents of a rule are told; there may be more. */
const mostListed = 20;

const lanes = [
  ['asItIs', 'As it is'],
  ['changed', 'Changed'],
] as const;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The lane for those who do not see it. */
function SpansInWords({ spans }: { spans: RuleBacktestDto['asItIs']['spans'] }) {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return <span class="vh">never</span>;
  return (
    <span class="vh">
      {spans.length === 1 ? first.severity : `${spans.length} times, first ${first.severity}`} from <Time at={first.from} />
      {spans.length === 1 ? ' to ' : ', the last to '}
      <Time at={last.to} />
    </span>
  );
}

function Result({ result, incidents }: { result: RuleBacktestDto; incidents: RuleDetailDto['incidents'] }) {
  const { from, to, entries, series, restsOn, patch } = result;
  const [start, length] = [Date.parse(from), Math.max(1, Date.parse(to) - Date.parse(from))];
  const isCut = incidents.length >= mostListed;
  const really = incidents.filter(({ since }) => Date.parse(since) >= start).length;
  return (
    <div class="in stack">
      <p class="vh" role="status">
        {lanes
          .map(([key, name]) => `${name}: ${counted(result[key].alerts, 'alert')}, ${counted(result[key].pages, 'page')}`)
          .join('. ')}
      </p>
      <table>
        <caption class="vh">What the rule would have done, as it is and changed</caption>
        <thead>
          <tr>
            <th scope="col">
              From <Time at={from} />
            </th>
            <th scope="col" class="lane-head">
              <span class="vh">When it fired</span>
            </th>
            <th scope="col" class="num">
              Alerts
            </th>
            <th scope="col" class="num">
              Pages
            </th>
            <th scope="col" class="num">
              A week
            </th>
            <th scope="col" class="num">
              Time firing
            </th>
          </tr>
        </thead>
        <tbody>
          {lanes.map(([key, name]) => {
            const lane = result[key];
            return (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td>
                  <svg class="lane" viewBox="0 0 300 12" preserveAspectRatio="none" aria-hidden="true">
                    <path class="c-grid" d="M0 6H300" />
                    {lane.spans.map(({ from: begins, to: ends, severity }) => {
                      const x = ((Date.parse(begins) - start) / length) * 300;
                      const width = Math.max(1, ((Date.parse(ends) - Date.parse(begins)) / length) * 300);
                      return (
                        <rect
                          key={begins}
                          class={`c-${severity}`}
                          x={x}
                          y={severity === 'critical' ? 1 : 3}
                          width={width}
                          height={severity === 'critical' ? 10 : 6}
                        />
                      );
                    })}
                  </svg>
                  <SpansInWords spans={lane.spans} />
                </td>
                <td class="num">{lane.alerts}</td>
                <td class="num strong">{lane.pages}</td>
                <td class="num">{formatValue(Number(lane.pagesAWeek.toFixed(2)))}</td>
                <td class="num">{formatPercent(Number(lane.firingShare.toFixed(3)))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="small dim">
        {counted(really, 'incident')}
        {isCut ? ' or more' : ''} of this rule really opened in that time. {restsOn} {entries} judgements of {series.looked} of{' '}
        {series.total} series.
      </p>
      {patch === '' ? (
        <p class="dim">Nothing changes: these are the bounds that it has.</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, so that keys scroll it. */}
          <pre tabIndex={0}>{patch}</pre>
          <p class="row small">
            <CopyButton what="YAML" text={() => patch}>
              Copy YAML
            </CopyButton>
          </p>
        </>
      )}
    </div>
  );
}
