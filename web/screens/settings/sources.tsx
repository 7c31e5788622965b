import type { IntegrationsDto } from '../../../http/api/dto/integrations.ts';
import { Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

/** Where samples and alerts come from, and the rules that a source does not serve. */
export function Sources({ sources }: { sources: IntegrationsDto['sources'] }) {
  const sorted = sources.toSorted((a, b) => b.troubled - a.troubled);
  return (
    <Panel title="Sources" count={sources.length}>
      {sources.length === 0 ? (
        <p class="in dim">The config has no source.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus.
        <div class="scroll" tabIndex={0} role="group" aria-label="Sources">
          <table>
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">Kind</th>
                <th scope="col">Rules</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((source) => (
                <SourceRow key={source.name} source={source} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function SourceRow({ source }: { source: IntegrationsDto['sources'][number] }) {
  const { name, kind, rules, judgedAt, troubled, troubles, watchdog, heardAt, unheard, ignored } = source;
  return (
    <tr>
      <td class="strong">{name}</td>
      <td class="nowrap">{kind}</td>
      <td class="num">{rules}</td>
      <td>
        {troubled === 0 ? null : <Tag kind="unsure">{`${troubled} not judged`}</Tag>}
        {watchdog?.missing === true ? <Tag kind="critical">its watchdog alert does not come</Tag> : null}
        {judgedAt === undefined ? null : (
          <span class="dim">
            {' '}
            judged <Time at={judgedAt} />
          </span>
        )}
        {unheard === true ? <span class="dim">nothing has come since the start</span> : null}
        {heardAt === undefined ? null : (
          <span class="dim">
            heard <Time at={heardAt} />
          </span>
        )}
        {watchdog?.seenAt === undefined ? null : (
          <span class="dim">
            , watchdog seen <Time at={watchdog.seenAt} />
          </span>
        )}
        {ignored === undefined || ignored === 0 ? null : <span class="dim">, {ignored} alerts left out</span>}
        {troubles.map((one) => (
          <p key={one.rule} class="small">
            <a href={`/rules/${encodeURIComponent(one.rule)}`}>{one.rule}</a>: {one.kind}, {one.text}, since{' '}
            <Time at={one.since} />
          </p>
        ))}
        {troubled > troubles.length ? <p class="small dim">and {troubled - troubles.length} more</p> : null}
      </td>
    </tr>
  );
}
