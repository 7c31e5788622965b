import type { ComponentChildren } from 'preact';
import { counted } from '../../../core/vocabulary/counted.ts';
import { formatValue } from '../../../core/vocabulary/format.ts';
import type { DigestDto } from '../../../http/api/dto/digest.ts';
import { useView } from '../../data/address.ts';
import { useAnswer } from '../../data/answer.ts';
import { useKeys } from '../../frame/keys.ts';
import { useTitle } from '../../frame/title.ts';
import { zoneName } from '../../frame/zone.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { budgetOf, digestSentence } from './sentence.ts';

const periods = [
  { value: '1d', text: '24 hours', days: 1 },
  { value: '7d', text: '7 days', days: 7 },
  { value: '28d', text: '28 days', days: 28 },
] as const;

/**
 * What did the last days cost whom, and what is not watched? The same as the digest that is sent.
 */
export default function Digest() {
  const view = useView();
  const period = periods.find(({ value }) => value === view.query['since']) ?? periods[1];
  const zone = zoneName();
  // It reads hundreds of timelines, so it is not asked for again with each change.
  const answer = useAnswer<DigestDto>(`/api/digest?since=${period.value}&timezone=${encodeURIComponent(zone)}`, () => false);
  const headline = answer.value === undefined ? 'Digest' : digestSentence(answer.value, period.text);
  const move = (by: number): void => {
    const next = periods[periods.indexOf(period) + by];
    if (next !== undefined) view.set({ since: next.value });
  };
  useTitle('Digest');
  useKeys('Digest', {
    '[': { text: 'A shorter time', run: () => move(-1) },
    ']': { text: 'A longer time', run: () => move(1) },
  });
  return (
    <>
      <h1>{headline}</h1>
      <div class="row lede">
        <fieldset class="seg">
          <legend class="vh">Time</legend>
          {periods.map(({ value, text }) => (
            <button key={value} type="button" aria-pressed={value === period.value} onClick={() => view.set({ since: value })}>
              {text}
            </button>
          ))}
        </fieldset>
        {answer.value === undefined ? null : (
          <CopyButton text={() => (answer.value?.lines ?? []).join('\n')} what="The digest">
            Copy as text
          </CopyButton>
        )}
        <span class="small dim">Nights are 22:00 to 7:00 in {zone}.</span>
      </div>
      <Shown answer={answer} what="the digest" lines={10}>
        {(digest) => (
          <div class="stack">
            {digest.unread === 0 ? null : (
              <p class="note warn">
                {counted(digest.unread, 'more incident')} of this time could not be read, so the numbers are too small.
              </p>
            )}
            <div class="halves">
              <People people={digest.people} />
              <Policies policies={digest.policies} days={period.days} />
            </div>
            <div class="halves">
              <Rules byRule={digest.incidents.byRule} />
              <Info info={digest.info} />
            </div>
            <NotJudged notJudged={digest.notJudged} />
            <Muted muted={digest.muted} silences={digest.silences} />
          </div>
        )}
      </Shown>
    </>
  );
}

const ruleLink = (rule: string) => <a href={`/rules/${encodeURIComponent(rule)}`}>{rule}</a>;

function People({ people }: Pick<DigestDto, 'people'>) {
  return (
    <Panel title="Who was paged">
      {people.length === 0 ? (
        <p class="in dim">Nobody.</p>
      ) : (
        <Lines texts={['Who']} numbers={['Pages', 'Critical', 'Broken nights']}>
          {people.map(({ person, pages, critical, nights }) => (
            <tr key={person}>
              <td>{person.replace(/^(responder|channel)\//, '')}</td>
              <td class="num">{pages}</td>
              <td class="num">{critical}</td>
              <td class={`num ${nights === 0 ? '' : 't-warn strong'}`}>{nights}</td>
            </tr>
          ))}
        </Lines>
      )}
    </Panel>
  );
}

function Policies({ policies, days }: Pick<DigestDto, 'policies'> & { days: number }) {
  return (
    <Panel title="Pages by policy, against its budget">
      {policies.length === 0 ? (
        <p class="in dim">No policy paged, and none has a budget (pagesAWeek).</p>
      ) : (
        <Lines texts={['Policy']} numbers={['Pages', 'Budget for this time']}>
          {policies.map(({ policy, pages, pagesAWeek }) => {
            const budget = pagesAWeek === undefined ? undefined : budgetOf(pagesAWeek, days);
            const isOver = budget !== undefined && pages > budget;
            return (
              <tr key={policy}>
                <td>{policy}</td>
                <td class={`num ${isOver ? 't-warn strong' : ''}`}>{pages}</td>
                <td class="num">
                  {budget === undefined ? <span class="dim">none</span> : formatValue(budget)}
                  {isOver ? <span class="t-warn"> over</span> : null}
                </td>
              </tr>
            );
          })}
        </Lines>
      )}
    </Panel>
  );
}

function Rules({ byRule }: { byRule: DigestDto['incidents']['byRule'] }) {
  return (
    <Panel title="Incidents that began, by rule">
      {byRule.length === 0 ? (
        <p class="in dim">None.</p>
      ) : (
        <Lines texts={['Rule', 'Worst']} numbers={['Incidents']}>
          {byRule.map(({ rule, severity, count }) => (
            <tr key={`${rule} ${severity}`}>
              <td>{ruleLink(rule)}</td>
              <td class={severity === 'critical' ? 't-critical strong' : severity === 'warn' ? 't-warn' : ''}>{severity}</td>
              <td class="num">{count}</td>
            </tr>
          ))}
        </Lines>
      )}
    </Panel>
  );
}

function Info({ info }: Pick<DigestDto, 'info'>) {
  return (
    <Panel title="Info, which pages nobody">
      {info.length === 0 ? (
        <p class="in dim">No alert of severity info fired.</p>
      ) : (
        <Lines texts={['Rule']} numbers={['Fired']}>
          {info.map(({ rule, count }) => (
            <tr key={rule}>
              <td>{ruleLink(rule)}</td>
              <td class="num">{counted(count, 'time')}</td>
            </tr>
          ))}
        </Lines>
      )}
    </Panel>
  );
}

function NotJudged({ notJudged }: Pick<DigestDto, 'notJudged'>) {
  return (
    <Panel title="Not judged now, so nothing is known of it" count={notJudged.length}>
      {notJudged.length === 0 ? (
        <p class="in dim">Every rule is judged.</p>
      ) : (
        <Lines texts={['Rule', 'Why', 'Since']}>
          {notJudged.map(({ rule, why, since }) => (
            <tr key={rule}>
              <td>{ruleLink(rule)}</td>
              <td>{why}</td>
              <td class="nowrap">
                <Time at={since} />
              </td>
            </tr>
          ))}
        </Lines>
      )}
    </Panel>
  );
}

function Muted({ muted, silences }: Pick<DigestDto, 'muted' | 'silences'>) {
  return (
    <Panel title="Muted and silenced now" count={muted.length + silences.length} end={<a href="/silences">Silences</a>}>
      {muted.length + silences.length === 0 ? (
        <p class="in dim">Nothing.</p>
      ) : (
        <Lines texts={['What', 'Why', 'Until']}>
          {silences.map(({ match, until, by, comment }) => (
            <tr key={`${match} ${until} ${by}`}>
              <td>{match}</td>
              <td>
                {comment} <span class="dim">by {by}</span>
              </td>
              <td class="nowrap">
                <Time at={until} />
              </td>
            </tr>
          ))}
          {muted.map(({ why, alerts }) => (
            <tr key={why}>
              <td>{counted(alerts, 'alert')}</td>
              <td>{why}</td>
              <td />
            </tr>
          ))}
        </Lines>
      )}
    </Panel>
  );
}

/**
 * The first column names a thing. On a phone texts go below it; numbers stay beside it, under their
 * heads.
 */
function Lines(props: { texts?: readonly string[]; numbers?: readonly string[]; children: ComponentChildren }) {
  const { texts = [], numbers = [], children } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus.
    <div class="scroll" tabIndex={0} role="group" aria-label={[...texts, ...numbers].join(', ')}>
      <table class={numbers.length === 0 ? 'lines' : ''}>
        <thead>
          <tr>
            {texts.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
            {numbers.map((column) => (
              <th scope="col" class="num" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
