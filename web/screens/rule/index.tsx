import { useRoute } from 'preact-iso/router';
import type { HistoryDto } from '../../../http/api/dto/history.ts';
import type { RuleDetailDto } from '../../../http/api/dto/rule-detail.ts';
import { withQuery } from '../../../http/console/asked-first.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import type { Change } from '../../data/live.ts';
import { useTitle } from '../../frame/title.ts';
import { useScheduleOf } from '../../frame/zone.ts';
import { healthMark, healthWord } from '../../parts/health.tsx';
import { Tag } from '../../parts/mark.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { ruleAddress } from '../now/health-grid.tsx';
import { Backtest } from './backtest.tsx';
import { Definition, IfItFires, IncidentsOfRule } from './beside.tsx';
import { Judgements } from './judgements.tsx';
import { MetricChart } from './metric-chart.tsx';
import { Numbers } from './numbers.tsx';
import { type Range, ranges } from './range.ts';
import { SeriesList } from './series-list.tsx';
import { WhyNoPage } from './why.tsx';

const dayMs = 86_400_000;

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** Does it judge, how close is it, and can I trust it? */
export default function Rule() {
  const { params } = useRoute();
  const rule = params['id'] ?? '';
  const touches = ({ kind, ids }: Change): boolean =>
    kind === 'rule' ? ids === undefined || ids.includes(rule) : kind === 'config' || kind === 'alerts' || kind === 'silences';
  const answer = useAnswer<RuleDetailDto>(`/api/rules/${encodeURIComponent(rule)}`, touches);
  useTitle(answer.value?.rule.title ?? rule);
  useScheduleOf(answer.value?.schedule);
  return (
    <>
      {answer.value === undefined ? <h1>{rule}</h1> : null}
      <Shown answer={answer} what={`the rule ${rule}`} lines={12}>
        {(detail) => <Screen detail={detail} of={params['key']} touches={touches} />}
      </Shown>
    </>
  );
}

type Series = RuleDetailDto['series']['shown'][number];

/** The answer in a sentence: what was found, or why nothing was. */
function headlineOf({ rule, fault }: RuleDetailDto, series: Series | undefined): string {
  if (rule.health === 'starting') return 'Not judged yet: its first evaluation is still to come.';
  if (series === undefined) return `${capital(rule.reason ?? fault ?? 'not judged: no series was found')}.`;
  return `${capital(series.reason)}.`;
}

function Screen({ detail, of, touches }: { detail: RuleDetailDto; of: string | undefined; touches(change: Change): boolean }) {
  const { query, set } = useView();
  const { rule, series } = detail;
  const asked = of === undefined ? series.shown[0] : series.shown.find(({ fingerprint }) => fingerprint === of);
  const isPhone = matchMedia('(max-width: 720px)').matches;
  const range = (Object.keys(ranges) as Range[]).find((one) => one === query['range']) ?? (isPhone ? '14d' : '45d');
  // An absolute range, as a link has it, shows what its sender saw.
  const to = query['to'] === undefined ? Date.parse(detail.at) : Date.parse(query['to']);
  const from = to - ranges[range] * dayMs;
  const history = useAnswer<HistoryDto>(
    asked === undefined
      ? undefined
      : withQuery(`/api/rules/${encodeURIComponent(rule.rule)}/history`, {
          series: asked.fingerprint,
          // On the minute, so that an answer is asked for again under the same address.
          from: new Date(Math.floor(from / 3_600_000) * 3_600_000).toISOString(),
          to: query['to'],
          limit: 1000,
        }),
    touches,
  );
  const labels = asked === undefined ? '' : Object.values(asked.labels).join(', ');
  return (
    <>
      <p class="row crumbs">
        <Tag kind={healthMark[rule.health]}>{healthWord[rule.health]}</Tag>
        <a href="/rules">Rules</a>
        <span class="dim">
          {rule.group.name} · {detail.category}
          {detail.owner === undefined ? '' : ` · owner ${detail.owner}`} · {rule.title}
          {rule.muted === true ? ' · muted' : ''}
        </span>
      </p>
      <h1>
        {/* Seen above it; who comes here by the heading has not read that. */}
        <span class="vh">{rule.title}: </span>
        {headlineOf(detail, asked)}
      </h1>
      <p class="lede">
        {rule.nextAt === undefined ? null : (
          <>
            Judged again at <Time at={rule.nextAt} />.{' '}
          </>
        )}
        {firesText(detail)}
        {detail.bands.map(({ severity, begins, ends }) => ` ${capital(severity)} ${begins}, ends ${ends}.`).join('')}
        {rule.warmUntil === undefined ? null : (
          <>
            {' '}
            Its baseline has enough points at about <Time at={rule.warmUntil} />.
          </>
        )}
      </p>
      {of !== undefined && asked === undefined ? (
        <p class="note">
          The last judgement shows no series {of}. <a href={ruleAddress(rule.rule)}>The rule</a> shows those that there are.
        </p>
      ) : null}
      <div class="stack">
        <Numbers detail={detail} series={asked} />
        <div class="columns rule-columns">
          <div class="stack">
            <MetricChart
              title={`${detail.metric ?? rule.title}${labels === '' ? '' : `, ${labels}`}`}
              history={history}
              incidents={detail.incidents}
              versions={detail.versions}
              range={range}
              choose={(next) => set({ range: next })}
            />
            {series.shown.length > 1 ? <SeriesList detail={detail} current={asked?.fingerprint} /> : null}
            <Judgements history={history} isAll={query['all'] === 'yes'} showAll={() => set({ all: 'yes' })} />
            {detail.tries === undefined ? null : <Backtest detail={detail} />}
            <WhyNoPage rule={rule.rule} />
          </div>
          <div class="stack">
            <Definition detail={detail} />
            <IfItFires routes={detail.routes} rollback={detail.rollback} />
            <IncidentsOfRule incidents={detail.incidents} />
          </div>
        </div>
      </div>
    </>
  );
}

const firesText = ({ for: { m, n } }: RuleDetailDto): string =>
  n === 1 ? 'One point past a bound fires.' : `It fires from ${m} of the last ${n} points past a bound.`;
