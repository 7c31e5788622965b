import type { DeploymentDto } from '../../../http/api/dto/deployment.ts';
import { durationText } from '../../frame/zone.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

/** What each deployment serves, as its hook was seen to say, and whether it may be rolled back. */
export function Serving({ deployments }: { deployments: readonly DeploymentDto[] }) {
  return (
    <Panel title="What serves" count={deployments.length}>
      {deployments.length === 0 ? (
        <p class="in dim">
          The config has no deployment. With one, Tocsin sees what serves and can return to the last good version:
          docs/webhooks.md.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus.
        <div class="scroll" tabIndex={0} role="group" aria-label="What serves">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">Deployment</th>
                <th scope="col">Serves</th>
                <th scope="col">Observed</th>
                <th scope="col">Rollback</th>
                <th scope="col">Known bad</th>
              </tr>
            </thead>
            <tbody>
              {deployments.map((one) => (
                <tr key={one.name}>
                  <td>
                    <b>{one.name}</b>
                    <span class="dim">{one.model === undefined || one.model === one.name ? '' : `, ${one.model}`}</span>
                  </td>
                  <td>{one.serves === undefined ? <span class="dim">–</span> : <code>{one.serves.version}</code>}</td>
                  <td>
                    <Observed deployment={one} />
                  </td>
                  <td>
                    <Breakers deployment={one} />
                  </td>
                  <td>
                    <KnownBad deployment={one} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Observed({ deployment: { serves, watched, unanswered, hook, recordLost } }: { deployment: DeploymentDto }) {
  if (recordLost) return <Tag kind="critical">record lost: known-bad versions are unknown</Tag>;
  if (!watched) return <span class="dim">not watched: no rule may roll it back</span>;
  if (serves === undefined) return <Tag kind="unsure">{unanswered ? `its ${hook} hook does not answer` : 'not asked yet'}</Tag>;
  return (
    <>
      {serves.stale || unanswered ? <Tag kind="warn">{unanswered ? 'its hook does not answer' : 'not seen since'}</Tag> : null}{' '}
      for at least {durationText(serves.atLeastMs)},{' '}
      <span class="dim">
        its {hook} said so at <Time at={serves.seenAt} />
      </span>
    </>
  );
}

function Breakers({ deployment: { rollbacks, inFlight } }: { deployment: DeploymentDto }) {
  if (inFlight !== undefined)
    return (
      <>
        <Tag kind="unsure">in flight</Tag> {inFlight.from} → {inFlight.to},{' '}
        <a href={`/incidents/${encodeURIComponent(inFlight.incident)}`}>
          since <Time at={inFlight.startedAt} />
        </a>
      </>
    );
  if (rollbacks.length === 0) return <span class="dim">none in the config</span>;
  return (
    <ul>
      {rollbacks.map(({ name, automatic, breaker, breakerUntil, automaticToday, dailyLimit, role }) => (
        <li key={name}>
          {automatic ? (
            breaker === 'open' && breakerUntil !== undefined ? (
              <>
                <Tag kind="warn">breaker open</Tag> until <Time at={breakerUntil} />
              </>
            ) : (
              <>automatic, breaker {breaker}</>
            )
          ) : (
            <>by a person ({role})</>
          )}
          <span class="dim">{automatic ? `, ${automaticToday} of ${dailyLimit} today` : ''}</span>
        </li>
      ))}
    </ul>
  );
}

function KnownBad({ deployment: { knownBad } }: { deployment: DeploymentDto }) {
  if (knownBad.length === 0) return <span class="dim">–</span>;
  return (
    <ul>
      {knownBad.slice(0, 3).map(({ version, at, incident }) => (
        <li key={version}>
          <span class="phone dim">known bad: </span>
          <code>{version}</code>{' '}
          <a href={`/incidents/${encodeURIComponent(incident)}`}>
            since <Time at={at} />
          </a>
        </li>
      ))}
      {knownBad.length > 3 ? <li class="dim">and {knownBad.length - 3} more</li> : null}
    </ul>
  );
}
