import type { RuleDetailDto } from '../../../http/api/dto/rule-detail.ts';
import { useKeys } from '../../frame/keys.ts';
import { durationText } from '../../frame/zone.ts';
import { useCopy } from '../../parts/copy-button.tsx';
import { addressOf } from '../../parts/incident-row.tsx';
import { Mark, Tag } from '../../parts/mark.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Age, Time } from '../../parts/time.tsx';

/** The rule as somebody wrote it. */
export function Definition({ detail: { definition, kind, runbook } }: { detail: RuleDetailDto }) {
  const { told, copy } = useCopy();
  useKeys('Definition', definition === undefined ? {} : { y: { text: 'Copy YAML', run: () => copy(definition.yaml, 'YAML') } });
  return (
    <Panel title="Definition" end={definition === undefined ? kind : `${definition.file.split('/').at(-1)}:${definition.line}`}>
      {definition === undefined ? (
        <p class="in dim">A rule of the kind {kind}. The files of its config are not known here.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, so that keys scroll it.
        <pre tabIndex={0} title={definition.file}>
          {definition.yaml}
        </pre>
      )}
      <p class="in row small">
        {definition === undefined ? null : (
          <button type="button" class="button quiet" onClick={() => copy(definition.yaml, 'YAML')}>
            Copy YAML
          </button>
        )}
        <span class="dim" role="status">
          {told}
        </span>
        {runbook === '' ? null : <a href={`/runbooks/${encodeURIComponent(runbook)}`}>Runbook {runbook}</a>}
      </p>
    </Panel>
  );
}

/** Who is paged when, for each severity, and what keeps it from them. */
export function IfItFires({ routes, rollback }: { routes: RuleDetailDto['routes']; rollback: string | undefined }) {
  const muted = [...new Set(routes.flatMap(({ mutedBy }) => mutedBy.map(({ text }) => text)))];
  return (
    <Panel title="If it fires now">
      <dl class="in facts">
        {routes.map((route) => (
          <Fragmented key={route.severity} route={route} />
        ))}
        {rollback === undefined ? null : (
          <>
            <dt>rollback</dt>
            <dd>{rollback} is considered when it is critical</dd>
          </>
        )}
        <dt>muted</dt>
        <dd>{muted.length === 0 ? 'by nothing' : muted.join('; ')}</dd>
      </dl>
    </Panel>
  );
}

function Fragmented({ route }: { route: RuleDetailDto['routes'][number] }) {
  const { severity, steps, nobody, policy } = route;
  const named = steps.map(({ afterMs, targets }) => {
    const who = targets
      .map(({ responder, target, unresolved }) => responder ?? target?.replace(/^channel\//, '#') ?? `nobody (${unresolved})`)
      .join(' and ');
    return afterMs === 0 ? who : `after ${durationText(afterMs)} ${who}`;
  });
  return (
    <>
      <dt>
        <Tag kind={severity === 'info' ? 'ok' : severity}>{severity}</Tag>
      </dt>
      <dd>
        {nobody !== undefined
          ? `nobody: the route ${nobody.join(' > ')} says so`
          : named.length === 0
            ? 'nobody now'
            : named.join(', ')}
        <br />
        <span class="small dim3">policy {policy}</span>
      </dd>
    </>
  );
}

export function IncidentsOfRule({ incidents }: { incidents: RuleDetailDto['incidents'] }) {
  return (
    <Panel title="Incidents of this rule" count={incidents.length}>
      {incidents.length === 0 ? <p class="in dim">It has been in none of the latest incidents.</p> : null}
      <ul>
        {incidents.map(({ id, title, severity, status, since, resolvedAt }) => (
          <li key={id} class="in row">
            <span class="small dim">
              <Time at={since} />
            </span>
            <Mark kind={severity === 'info' ? 'ok' : severity} alone />
            <a href={addressOf(id)}>{title}</a>
            <span class="small dim3">
              {status === 'resolved' ? (
                <Age since={since} {...(resolvedAt === undefined ? {} : { until: resolvedAt })} />
              ) : (
                'open'
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
