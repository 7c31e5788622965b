import type { HeartbeatListDto } from '../../../http/api/dto/heartbeat.ts';
import { Mark, type MarkKind, Tag } from '../../parts/mark.tsx';
import { still } from '../../parts/still.ts';
import { Time } from '../../parts/time.tsx';
import { RunStrip } from './run-strip.tsx';
import { troubleKinds } from './sentence.ts';

type HeartbeatDto = HeartbeatListDto['heartbeats'][number];

/**
 * A job: how it is and why, when it succeeded last and is due next, its deadline, and its last
 * runs.
 */
export const HeartbeatRow = still(({ heartbeat }: { heartbeat: HeartbeatDto }) => {
  const { name, title, cron, every, timezone, troubles, succeededAt, nextDueAt, incident, runbook, owner, runs } = heartbeat;
  return (
    <li>
      <div class="what">
        <p class="row">
          <a href={incident === undefined ? `/runbooks/${runbook}` : `/incidents/${encodeURIComponent(incident)}`} data-row>
            {title}
          </a>
          <Standing heartbeat={heartbeat} />
        </p>
        {[...new Set(troubles.map(({ text }) => text))].map((text) => (
          <p key={text}>{text}</p>
        ))}
        <p class="small dim3">
          {cron === undefined ? (
            `every ${every}`
          ) : (
            <>
              <code>{cron}</code> in {timezone}
            </>
          )}
          {title === name ? null : `, ${name}`}
          {owner === undefined ? null : `, of ${owner}`}
        </p>
      </div>
      <dl class="facts small">
        <dt>Last success</dt>
        <dd>{succeededAt === undefined ? <span class="dim">none yet</span> : <Time at={succeededAt} />}</dd>
        <dt>Next due</dt>
        <dd>{nextDueAt === undefined ? <span class="dim">never</span> : <Time at={nextDueAt} />}</dd>
        <Deadline heartbeat={heartbeat} />
      </dl>
      <RunStrip runs={runs} />
    </li>
  );
});

const markOf = ({ standing, severity }: HeartbeatDto): MarkKind => {
  if (standing === 'expected') return 'none';
  if (standing !== 'in trouble') return 'ok';
  return severity === 'critical' ? 'critical' : 'warn';
};

function Standing({ heartbeat }: { heartbeat: HeartbeatDto }) {
  const { standing, running } = heartbeat;
  const done = running?.done === undefined ? '' : `, ${Math.floor(100 * running.done)}%`;
  if (standing === 'in trouble') return <Tag kind={markOf(heartbeat)}>{troubleKinds(heartbeat)}</Tag>;
  return (
    <span class="dim small">
      <Mark kind={markOf(heartbeat)} /> {standing === 'expected' ? 'no report yet' : standing}
      {done}
    </span>
  );
}

function Deadline({ heartbeat: { deadline } }: { heartbeat: HeartbeatDto }) {
  if (deadline === undefined) return null;
  const { at, forecast } = deadline;
  return (
    <>
      <dt>Deadline</dt>
      <dd>
        <Time at={at} />
        {forecast === undefined ? null : (
          <span class={Date.parse(forecast.endsAt) > Date.parse(at) ? 't-warn' : 'dim'}>
            , predicted <Time at={forecast.endsAt} /> by {forecast.by}
          </span>
        )}
      </dd>
    </>
  );
}
