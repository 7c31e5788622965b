import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { durationText } from '../../frame/zone.ts';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';

/** What else is known of it, each with where it leads. */
export function Facts({ detail: { incident, costs } }: { detail: IncidentDetailDto }) {
  const { since, category, groupLabels, alerts, related, reopened, reopenedAt, escalation, flapping } = incident;
  const { acknowledgeWithinMs, resolveWithinMs } = escalation;
  const owner = alerts.find((alert) => alert.owner !== undefined)?.owner;
  const targets = [
    ...(acknowledgeWithinMs === undefined ? [] : [`acknowledge ${durationText(acknowledgeWithinMs)}`]),
    ...(resolveWithinMs === undefined ? [] : [`resolve ${durationText(resolveWithinMs)}`]),
  ];
  const labels = Object.entries(groupLabels).filter(([, value]) => value !== '');
  return (
    <Panel title="Facts" class="facts-panel">
      <dl class="facts in">
        <dt>Since</dt>
        <dd>
          <Time at={since} />
        </dd>
        {costs.map(({ source, text }) => (
          <>
            <dt>Cost</dt>
            <dd key={source}>{text}</dd>
          </>
        ))}
        <dt>Category</dt>
        <dd>{category}</dd>
        {labels.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
        {targets.length === 0 ? null : (
          <>
            <dt>Targets</dt>
            <dd>{targets.join(', ')}</dd>
          </>
        )}
        {owner === undefined ? null : (
          <>
            <dt>Owner</dt>
            <dd>{owner}</dd>
          </>
        )}
        {flapping === undefined ? null : (
          <>
            <dt>Flapping</dt>
            <dd>{flapping.text}</dd>
          </>
        )}
        {reopened === 0 || reopenedAt === undefined ? null : (
          <>
            <dt>Reopened</dt>
            <dd>
              {reopened === 1 ? 'once' : `${reopened} times`}, last <Time at={reopenedAt} />
            </dd>
          </>
        )}
        <dt>Related</dt>
        <dd>
          {related.length === 0
            ? 'none'
            : related.map(({ id, title, why }) => (
                <p key={id}>
                  <a href={`/incidents/${encodeURIComponent(id)}`}>{title}</a> <span class="small dim">{why}</span>
                </p>
              ))}
        </dd>
      </dl>
    </Panel>
  );
}
