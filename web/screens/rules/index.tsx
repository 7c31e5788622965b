import { useRef } from 'preact/hooks';
import type { RuleHealthDto } from '../../../http/api/dto/rule-health.ts';
import type { RuleListDto } from '../../../http/api/dto/rule-list.ts';
import { rulePageSize, rulesAddress } from '../../../http/console/asked-first.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import type { Change } from '../../data/live.ts';
import { useSpark } from '../../data/sparks.ts';
import { useKeys } from '../../frame/keys.ts';
import { useScope } from '../../frame/scope.ts';
import { useTitle } from '../../frame/title.ts';
import { FilterField } from '../../parts/filter-field.tsx';
import { healthMark, healthOrder, healthWord } from '../../parts/health.tsx';
import { Mark, Tag } from '../../parts/mark.tsx';
import { OfOthers } from '../../parts/of-others.tsx';
import { Pages } from '../../parts/pages.tsx';
import { moveRow } from '../../parts/row-keys.ts';
import { LineSpark } from '../../parts/rule-spark.tsx';
import { Shown } from '../../parts/states.tsx';
import { still } from '../../parts/still.ts';
import { Age, Time } from '../../parts/time.tsx';
import { ruleAddress, valueText } from '../now/health-grid.tsx';

const onRules = ({ kind }: Change): boolean => kind === 'rule' || kind === 'alerts' || kind === 'config';

function headlineOf({ counts, ofOthers }: RuleListDto): string {
  const count = (state: string): number => (counts as Record<string, number>)[state] ?? 0;
  const total = healthOrder.reduce((sum, state) => sum + count(state), 0);
  const whose = ofOthers === undefined ? '' : ` of ${ofOthers.team}`;
  if (total === 0) return `No rule${whose} fits.`;
  const untold = count('error') + count('no data') + count('insufficient evidence') + count('starting');
  const unwell = count('critical') + count('warn');
  const parts = [
    `${count('ok')} of ${total} ${total === 1 ? 'rule' : 'rules'}${whose} ${total === 1 ? 'is' : 'are'} well`,
    ...(unwell === 0 ? [] : [`${unwell} ${unwell === 1 ? 'is' : 'are'} not`]),
    ...(untold === 0 ? [] : [`${untold} cannot tell`]),
  ];
  return `${parts.join('; ')}.`;
}

/** All rules by model: how each is, and its last value. */
export default function Rules() {
  const { query, set } = useView();
  const { q, model, health } = query;
  const { team } = useScope();
  const list = useRef<HTMLDivElement>(null);
  const path = (cursor?: string): string => rulesAddress({ team, q, model, health }, cursor);
  const first = useAnswer<RuleListDto>(path(), onRules);
  const headline = first.value === undefined ? 'Rules' : headlineOf(first.value);
  useTitle(headline);
  useKeys('Rules', {
    j: { text: 'Next rule', run: () => moveRow(list, 1) },
    k: { text: 'Rule before', run: () => moveRow(list, -1) },
  });
  const counts = (first.value?.counts ?? {}) as Record<string, number>;
  return (
    <>
      <h1>{headline}</h1>
      <OfOthers others={first.value?.ofOthers} />
      <div class="stack">
        <div class="row">
          <FilterField label="Filter by name or model" value={q ?? ''} change={(value) => set({ q: value })} />
          <select aria-label="Model" value={model ?? ''} onChange={({ currentTarget }) => set({ model: currentTarget.value })}>
            <option value="">All models</option>
            {model !== undefined && first.value?.models.shown.every(({ name }) => name !== model) !== false ? (
              <option value={model}>{model}</option>
            ) : null}
            {first.value?.models.shown.map(({ kind, name }) => (
              <option key={`${kind} ${name}`} value={name}>
                {kind === 'source' ? `source ${name}` : name}
              </option>
            ))}
          </select>
          <fieldset class="choice">
            <legend class="vh">State</legend>
            <button type="button" aria-pressed={health === undefined} onClick={() => set({ health: undefined })}>
              Any
            </button>
            {healthOrder.map((state) =>
              (counts[state] ?? 0) === 0 && health !== state ? null : (
                <button key={state} type="button" aria-pressed={health === state} onClick={() => set({ health: state })}>
                  <Mark kind={healthMark[state]} /> {healthWord[state]} <span class="dim3">{counts[state] ?? 0}</span>
                </button>
              ),
            )}
          </fieldset>
        </div>
        <Shown answer={first} what="rules">
          {(value) =>
            value.total === 0 ? (
              <p class="panel in-panel dim">
                {value.models.total === 0
                  ? 'There are no rules yet. tocsin init writes a first one.'
                  : 'No rule fits these filters.'}
              </p>
            ) : (
              <div class="panel rule-list" ref={list}>
                <p class="head small dim3" aria-hidden="true">
                  <span>Rule</span>
                  <span>State</span>
                  <span class="num">Value</span>
                  <span class="num">Bound</span>
                  <span>48 h</span>
                  <span>Judged</span>
                </p>
                <Pages<RuleListDto> key={path()} path={path} touches={onRules} height={rulePageSize * 40}>
                  {(page, before) => <RulePage page={page} lastGroup={before?.rules.at(-1)?.group.name} />}
                </Pages>
              </div>
            )
          }
        </Shown>
      </div>
    </>
  );
}

function RulePage({ page, lastGroup }: { page: RuleListDto; lastGroup: string | undefined }) {
  const groups = Map.groupBy(page.rules, ({ group }) => group.name);
  return (
    <>
      {[...groups].map(([name, rules]) => (
        <section key={name} aria-label={name}>
          {name === lastGroup ? null : <h2>{rules[0]?.group.kind === 'source' ? `source ${name}` : name}</h2>}
          <ul>
            {rules.map((rule) => (
              <RuleRow key={rule.rule} rule={rule} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

const RuleRow = still(({ rule }: { rule: RuleHealthDto }) => {
  const { ref, spark } = useSpark<HTMLLIElement>(rule.rule);
  const { health, title, since, reason, judgedAt, bound, series } = rule;
  return (
    <li ref={ref} class="rule-row">
      <span class="name">
        <a href={ruleAddress(rule.rule)} data-row>
          {title}
        </a>
        {title === rule.rule ? null : <code class="dim3">{rule.rule}</code>}
        {reason === undefined ? null : <span class="small dim why">{reason}</span>}
      </span>
      <span>
        {health === 'ok' ? (
          <span class="row dim">
            <Mark kind="ok" /> ok
          </span>
        ) : (
          <Tag kind={healthMark[health]}>{healthWord[health]}</Tag>
        )}
        {since === undefined ? null : (
          <span class="small dim3">
            {' '}
            <Age since={since} />
          </span>
        )}
      </span>
      <span class="num strong">{valueText(rule)}</span>
      <span class="num dim">{bound === undefined ? '–' : valueText({ value: bound })}</span>
      <span class="spark">{spark === undefined ? null : <LineSpark spark={spark} width={96} height={22} />}</span>
      <span class="small dim judged">
        {judgedAt === undefined ? 'not yet' : <Time at={judgedAt} />}
        {series === undefined || series < 2 ? null : `, ${series} series`}
      </span>
    </li>
  );
});
