import type { NowIncidentDto } from '../../http/api/dto/now.ts';
import { useSession } from '../data/session.ts';
import { durationText } from '../frame/zone.ts';
import { initialsOf } from './initials.ts';
import { Mark } from './mark.tsx';
import { RuleSpark } from './rule-spark.tsx';
import { still } from './still.ts';
import { Countdown, Time } from './time.tsx';

export const addressOf = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

const rollbackText: Readonly<Record<string, string>> = {
  inspecting: 'Looking what can be rolled back to',
  offered: 'A rollback is offered',
  refused: 'Not rolled back',
  running: 'Rolling back',
  confirming: 'Rolled back; what serves is being looked at',
  verifying: 'Rolled back; not proven yet',
  succeeded: 'Rolled back, proven',
  failed: 'The rollback failed',
};

/**
 * An incident in short: what and how much, the likely cause, the rollback, its chart, and who has
 * it or is next.
 */
export const IncidentRow = still((props: { incident: NowIncidentDto & { gone?: boolean } } & Picking) => {
  const { incident, pick, isPicked } = props;
  const { id, title, severity, status, what, cause, rollback, spark, since, openedAt, resolvedAt, worst, alerts, gone } =
    incident;
  const isOver = status === 'resolved' || gone === true;
  const kind = isOver ? 'good' : severity === 'info' ? 'ok' : severity;
  return (
    <li class={`incident-row ${isOver ? '' : severity} ${pick === undefined ? '' : 'picking'}`}>
      {pick === undefined ? null : <Pick incident={incident} pick={pick} isPicked={isPicked === true} />}
      <Mark kind={kind} />
      <div class="what">
        <a class="strong" href={addressOf(id)} data-row>
          <span class="vh">{isOver ? 'resolved' : severity}: </span>
          {title}
        </a>
        {what === undefined || isOver ? null : <p>{what}</p>}
        {cause === undefined || cause.title === title ? null : (
          <p>
            Likely: {cause.title}
            {cause.reason === undefined ? '' : `, ${cause.reason}`}.
          </p>
        )}
        {rollback === undefined ? null : (
          <p>
            {rollbackText[rollback.state] ?? rollback.state}
            {rollback.from === undefined || rollback.to === undefined ? '' : ` ${rollback.from} → ${rollback.to}`}.
          </p>
        )}
        <p class="small dim3">
          {isOver ? worst : severity} since <Time at={since} />
          {isOver && resolvedAt !== undefined
            ? `, open for ${durationText(Date.parse(resolvedAt) - Date.parse(openedAt))}`
            : null}
          {isOver ? null : (
            <>
              , open since <Time at={openedAt} /> ·{' '}
              {alerts === 0 ? 'no alert that pages' : `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}`}
            </>
          )}
        </p>
      </div>
      <div class="spark">
        {spark === undefined ? null : (
          <RuleSpark spark={spark} verdict={severity === 'info' ? 'ok' : severity} width={168} height={44} />
        )}
      </div>
      <div class="next">
        <Next incident={incident} isOver={isOver} />
      </div>
    </li>
  );
});

/**
 * Where several are chosen: `pick` stays the same function, so that only a row that is chosen is
 * drawn again.
 */
type Picking = { pick?: (incident: NowIncidentDto) => void; isPicked?: boolean };

/** Whether somebody still has to take it. */
export const isUnanswered = ({ status }: NowIncidentDto): boolean => status === 'triggered' || status === 'waiting';

function Pick({ incident, pick, isPicked }: { incident: NowIncidentDto } & Required<Picking>) {
  if (!isUnanswered(incident)) return <span />;
  return (
    <input
      type="checkbox"
      class="pick"
      aria-label={`Select ${incident.title}`}
      checked={isPicked}
      onChange={() => pick(incident)}
    />
  );
}

function Next({ incident, isOver }: { incident: NowIncidentDto; isOver: boolean }) {
  const { status, acknowledgedBy, acknowledgedAt, paged, next, resolvedAt, resolvedBy, severity, muted } = incident;
  const viewer = useSession()?.person.responder;
  if (isOver)
    return (
      <p class="small dim">
        Resolved
        {resolvedAt === undefined ? null : (
          <>
            {' '}
            <Time at={resolvedAt} />
          </>
        )}
        {resolvedBy === undefined || resolvedBy === 'tocsin' ? '' : ` by ${resolvedBy}`}
      </p>
    );
  if (status === 'acknowledged' && acknowledgedBy !== undefined)
    return (
      <>
        <p class="row">
          <span class="initials" aria-hidden="true">
            {initialsOf(acknowledgedBy)}
          </span>
          <span>
            <b>{acknowledgedBy === viewer ? 'you' : acknowledgedBy}</b> {acknowledgedBy === viewer ? 'have' : 'has'} it{' '}
            {acknowledgedAt === undefined ? null : (
              <>
                since <Time at={acknowledgedAt} />
              </>
            )}
          </span>
        </p>
        {next === undefined ? null : (
          <p class="small dim3">
            {next.text} at <Time at={next.at} />
          </p>
        )}
      </>
    );
  return (
    <>
      {next === undefined ? (
        <p class="dim">{muted === undefined ? 'Nothing more happens by itself.' : `No page: ${muted}.`}</p>
      ) : (
        <p>
          <span class={`count-down ${severity === 'critical' ? 't-critical' : severity === 'warn' ? 't-warn' : ''}`}>
            <Countdown to={next.at} told={next.text} />
          </span>
          <span class="dim">until {next.text}</span>
        </p>
      )}
      <p class="small dim3">{paged.length === 0 ? 'nobody was paged yet' : `${paged.join(', ')} paged, no answer`}</p>
    </>
  );
}
