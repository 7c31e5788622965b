import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { freshness } from '../../data/live.ts';
import { Panel } from '../../parts/panel.tsx';
import { Countdown, Time } from '../../parts/time.tsx';
import { areOf, forViewer, listText, unlessOf } from './names.ts';
import { useViewer } from './viewer.ts';

type Rung = IncidentDetailDto['ladder'][number];
type Step = NonNullable<IncidentDetailDto['next']>;

/** The step that the countdown is for: the next one that pages somebody, or the very next. */
export const stepOf = ({ next, nextPage }: IncidentDetailDto): Step | undefined =>
  next !== undefined && next.names.length > 0 ? next : (nextPage ?? next);

/** Where the whole ladder would leave no place for the chart. */
const isNarrow = (): boolean => matchMedia('(max-width: 720px)').matches;

/**
 * What happens next unless somebody acts: the countdown, and the whole ladder with what became of
 * each page.
 */
export function Next({ detail }: { detail: IncidentDetailDto }) {
  const { incident, ladder } = detail;
  const { policy, acknowledgeWithinMs } = incident.escalation;
  const step = stepOf(detail);
  const viewer = useViewer();
  const coming = ladder.findIndex(({ state }) => state === 'coming');
  const isUrgent = step !== undefined && step.names.length > 0 && incident.status === 'triggered';
  return (
    <Panel title="Next" end={policy === undefined ? undefined : `policy ${policy}`} class="next">
      <div class="in">
        {step === undefined ? (
          <p>{incident.status === 'resolved' ? 'Over: nothing more happens by itself.' : 'Nothing happens by itself.'}</p>
        ) : step.withheld === undefined ? (
          <>
            <p class={`count ${isUrgent ? 't-critical' : ''}`}>
              <Countdown
                to={step.at}
                told={step.names.length > 0 ? `${listText(forViewer(step.names, viewer))} paged` : step.text}
              />
            </p>
            <p class="count-what">
              {/* Unheard, the count is the time itself. */}
              {freshness.value === 'stale' ? '' : 'until '}
              {step.names.length === 0 ? (
                step.text
              ) : (
                <>
                  <b>{listText(forViewer(step.names, viewer))}</b> {areOf(step.names, viewer)} paged
                </>
              )}
              {freshness.value === 'stale' ? null : (
                <>
                  {' '}
                  at <Time at={step.at} />
                </>
              )}
              {step.names.length > 0 ? unlessOf(incident.status) : ''}
            </p>
          </>
        ) : (
          <>
            <p class="count">Nobody is paged</p>
            <p class="count-what">
              at <Time at={step.at} />, the next step: {step.withheld}.
            </p>
            <Muted alerts={incident.alerts} />
          </>
        )}
        {freshness.value === 'stale' ? <p class="small t-warn">Times are as last heard. Pages go out all the same.</p> : null}
        {ladder.length === 0 || incident.status === 'resolved' ? null : (
          <details class="ladder-fold" open={!isNarrow()}>
            <summary>
              {ladder.length - (coming < 0 ? 0 : ladder.length - coming)} paged, {coming < 0 ? 0 : ladder.length - coming} to come
            </summary>
            <ol class="ladder">
              {ladder.map((rung, index) => (
                <RungRow key={`${rung.at} ${rung.tier} ${rung.state}`} rung={rung} isNext={index === coming} />
              ))}
            </ol>
          </details>
        )}
        {incident.status === 'triggered' && acknowledgeWithinMs !== undefined ? (
          <p class="small dim3">Target: acknowledge within {Math.round(acknowledgeWithinMs / 60_000)} min.</p>
        ) : null}
      </div>
    </Panel>
  );
}

/** Why alerts page nobody, each reason once, and where a silence is ended. */
function Muted({ alerts }: { alerts: IncidentDetailDto['incident']['alerts'] }) {
  const reasons = alerts.flatMap(({ state, muted }) => (state === 'muted' && muted !== undefined ? [muted] : []));
  const texts = [...new Set(reasons.map(({ text }) => text))];
  return (
    <>
      {texts.slice(0, 3).map((text) => (
        <p key={text} class="small dim">
          {text}.
        </p>
      ))}
      {reasons.some(({ by }) => by === 'silence') ? (
        <p class="small">
          <a href="/silences">Silences, and how to end one</a>
        </p>
      ) : null}
    </>
  );
}

const coming: Partial<Record<NonNullable<Rung['kind']>, string>> = {
  reminder: 'again',
  fallback: 'last resort',
  'starts again': 'from the start',
  'acknowledgement ends': 'if it is still open',
};

function RungRow({ rung, isNext }: { rung: Rung; isNext: boolean }) {
  const { state, at, tier, pages, reason, kind } = rung;
  const what = reason ?? (kind === undefined ? '' : (coming[kind] ?? ''));
  return (
    <li class={state === 'paged' ? 'done' : isNext ? 'next' : ''}>
      <span class="dot" aria-hidden="true" />
      <div>
        {tier > 0 && kind !== 'fallback' ? `Tier ${tier}, ` : ''}
        <b>{listText(pages.map(({ name }) => name))}</b>
        {what === '' || what === 'triggered' ? '' : `, ${what}`}
        {state === 'paged' ? pages.map((page) => <Delivery key={page.target} page={page} isOne={pages.length === 1} />) : null}
      </div>
      <span class="dim3">
        <Time at={at} />
      </span>
    </li>
  );
}

const outcomes = {
  sending: 'not delivered yet',
  delivered: 'delivered',
  slow: 'not delivered yet, still tried',
  failed: 'failed for good',
  held: 'not sent',
} as const;

function Delivery({ page, isOne }: { page: Rung['pages'][number]; isOne: boolean }) {
  const { name, outcome, contact, at } = page;
  if (outcome === undefined) return null;
  const way = contact?.replace(/:.*$/, '');
  return (
    <p class={`small ${outcome === 'failed' ? 't-critical' : outcome === 'slow' ? 't-warn' : 'dim'}`}>
      {isOne ? '' : `${name}: `}
      {way === undefined ? '' : `${way} `}
      {outcomes[outcome]} {at === undefined ? null : <Time at={at} seconds />}
    </p>
  );
}
