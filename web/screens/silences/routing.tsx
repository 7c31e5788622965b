import type { RoutingDto } from '../../../http/api/dto/routing.ts';
import { useAnswer } from '../../data/answer.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';

const Matchers = ({ match }: { match: readonly string[] }) => (
  <code>{match.length === 0 ? 'every alert' : match.join(', ')}</code>
);

/** Routes, mute timings and inhibitions of the config. */
export function Routing() {
  const answer = useAnswer<RoutingDto>('/api/routes', ({ kind }) => kind === 'config');
  return (
    <Shown answer={answer} what="routes" lines={5}>
      {({ routes, muteTimings, inhibitions }) => (
        <>
          <Panel title="Routes" count={routes.length} end="the first that matches decides">
            {routes.length === 0 ? (
              <p class="in dim">The config has no routes; the matrix chooses the policy by category and severity.</p>
            ) : (
              <table>
                <thead>
                  <tr>
                    <th scope="col">Route</th>
                    <th scope="col">Alerts with</th>
                    <th scope="col">Pages</th>
                  </tr>
                </thead>
                <tbody>
                  {routes.map(({ path, match, policy, pagesNobody, tell, continue: goesOn }) => (
                    <tr key={path.join(' > ')}>
                      <td class="nowrap" style={{ paddingLeft: `${14 + 14 * (path.length - 1)}px` }}>
                        {path.at(-1)}
                      </td>
                      <td>
                        <Matchers match={match} />
                      </td>
                      <td>
                        {pagesNobody ? <Tag kind="none">nobody</Tag> : (policy ?? 'as the matrix says')}
                        {tell.length === 0 ? '' : `; tells ${tell.join(', ')}`}
                        {goesOn ? '; the routes after it are looked at, too' : ''}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Panel>
          {muteTimings.length + inhibitions.length === 0 ? null : (
            <Panel title="Mute timings and inhibitions" count={muteTimings.length + inhibitions.length}>
              <ul class="in stack tight">
                {muteTimings.map(({ name, match, timezone, windows, active, activeUntil }) => (
                  <li key={name}>
                    <span class="row">
                      <b>{name}</b>
                      {active ? (
                        <Tag kind="warn">
                          mutes now
                          {activeUntil === undefined ? '' : ', until '}
                          {activeUntil === undefined ? null : <Time at={activeUntil} />}
                        </Tag>
                      ) : (
                        <span class="dim">not now</span>
                      )}
                    </span>
                    <span class="small dim">
                      {windows.map(({ days, from, to }) => `${days.join(' ')} ${from}–${to}`).join('; ')} in {timezone}:{' '}
                      <Matchers match={match} />
                    </span>
                  </li>
                ))}
                {inhibitions.map(({ name, source, target, equal }) => (
                  <li key={name}>
                    <b>{name}</b>{' '}
                    <span class="small dim">
                      while <Matchers match={source} /> fires, <Matchers match={target} /> pages nobody
                      {equal.length === 0 ? '' : ` if ${equal.join(', ')} are equal`}
                    </span>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </>
      )}
    </Shown>
  );
}
