import type { NowDto } from '../../../http/api/dto/now.ts';
import { healthMark, healthWord } from '../../parts/health.tsx';
import { addressOf } from '../../parts/incident-row.tsx';
import { initialsOf } from '../../parts/initials.ts';
import { Mark } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Age, Time } from '../../parts/time.tsx';
import { ruleAddress } from './health-grid.tsx';

export function OnCallNow({ shifts }: { shifts: NowDto['onCall'] }) {
  return (
    <Panel title="On call now" end={<a href="/oncall">Calendar</a>} class="on-call">
      {shifts.length === 0 ? (
        <p class="in dim">The config has no schedules: pages go to the people and channels that policies name.</p>
      ) : null}
      <ul>
        {shifts.map(({ schedule, responder, until, next, namedBy }) => (
          <li key={schedule} class="in person">
            <span class="initials" aria-hidden="true">
              {initialsOf(responder)}
            </span>
            <span>
              <b>{responder}</b> <span class="dim">{schedule}</span>
              <br />
              <span class="small dim">
                until <Time at={until} />, then {next}
                {namedBy === 'rotation' ? '' : `; by an ${namedBy}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Not the same as well: what cannot tell, since when, why, and what will help. */
export function NotJudged({ notJudged: { total, shown } }: { notJudged: NowDto['notJudged'] }) {
  if (total === 0) return null;
  return (
    <Panel title="Not judged" count={total} end="may go wrong unseen" class="not-judged">
      <ul>
        {shown.map(({ rule, title, health, since, reason, warmUntil, nextAt }) => (
          <li key={rule} class="in">
            <Mark kind={healthMark[health]} alone />
            <span>
              <a href={ruleAddress(rule)}>{title}</a>
              <br />
              <span class="small dim">
                {reason ?? healthWord[health]}
                {warmUntil === undefined ? null : (
                  <>
                    ; enough points at about <Time at={warmUntil} />
                  </>
                )}
                {warmUntil === undefined && nextAt !== undefined ? (
                  <>
                    ; judged again <Time at={nextAt} />
                  </>
                ) : null}
              </span>
            </span>
            <span class="small dim3 nowrap">
              {since === undefined ? null : (
                <>
                  <span class="vh">for </span>
                  <Age since={since} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {total > shown.length ? (
        <p class="in small">
          <a href="/rules">{total - shown.length} more</a>
        </p>
      ) : null}
    </Panel>
  );
}

const glyphs: Readonly<Record<NowDto['changes']['shown'][number]['kind'], string>> = {
  version: '▶',
  deploy: '▶',
  rollback: '◀',
  flag: '⚑',
  data: '▤',
  registry: '◆',
  other: '•',
  config: '≡',
  silence: '☾',
  override: '⇄',
  baseline: '≈',
};

export function Changes({ changes: { total, shown } }: { changes: NowDto['changes'] }) {
  return (
    <Panel title="Changed in 24 hours" count={total} end={<a href="/changes">Changes</a>} class="changes">
      {total === 0 ? (
        <p class="in dim">
          Nothing that Tocsin was told of: no deploy, promotion, rollback, flag, data, config, silence, override or baseline.
        </p>
      ) : null}
      {total === 0 ? null : (
        <ol>
          {shown.slice(0, 10).map(({ at, kind, text, by, incident }) => (
            <li key={`${at} ${text}`} class="in">
              <span class="small dim nowrap">
                <Time at={at} />
              </span>
              <span class="t-accent" aria-hidden="true">
                {glyphs[kind]}
              </span>
              <span>
                <span class="vh">{kind}: </span>
                {incident === undefined ? text : <a href={addressOf(incident)}>{text}</a>}
                <br />
                <span class="small dim3">by {by}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
