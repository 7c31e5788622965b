import { nameOfActor } from '../../../core/vocabulary/actor.ts';
import { counted } from '../../../core/vocabulary/counted.ts';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { Mark } from '../../parts/mark.tsx';
import { Age } from '../../parts/time.tsx';
import { CourseLine } from './course.tsx';
import { listText } from './names.ts';
import { useViewer } from './viewer.ts';

/** Who has it, or how far escalation is. */
function stateText({ incident, ladder }: IncidentDetailDto, viewer: string | undefined): string {
  const { status, acknowledgedBy, resolvedBy, escalation, flapping } = incident;
  const suffix = flapping === undefined ? '' : ', flapping';
  if (status === 'resolved') return `resolved by ${nameOfActor(resolvedBy ?? 'tocsin')}`;
  if (status === 'acknowledged') return hasIt(nameOfActor(acknowledgedBy ?? 'somebody'), viewer) + suffix;
  if (status === 'waiting') return `nobody paged yet${suffix}`;
  const paged = ladder.findLast(({ state }) => state === 'paged')?.pages.map(({ name }) => name) ?? [];
  if (viewer !== undefined && paged.includes(viewer)) return `you were paged, not acknowledged${suffix}`;
  return `${paged.length === 0 ? `tier ${escalation.tier}` : listText(paged)} paged, not acknowledged${suffix}`;
}

const hasIt = (name: string, viewer: string | undefined): string => (name === viewer ? 'you have it' : `${name} has it`);

/**
 * State, the sentence with both numbers, and the second one with the likeliest cause and what was
 * done.
 */
export function Head({ detail }: { detail: IncidentDetailDto }) {
  const { incident, headline } = detail;
  const viewer = useViewer();
  const { status, severity, worst, id, counts, openedAt, resolvedAt } = incident;
  const isOver = status === 'resolved';
  const shown = isOver ? worst : severity;
  const alerts = counts.critical + counts.warn + counts.info + counts.muted + counts.resolved;
  return (
    <>
      <p class="row incident-state">
        <span class={`tag ${isOver ? '' : shown === 'info' ? '' : shown} ${!isOver && shown === 'critical' ? 'solid' : ''}`}>
          {isOver ? <Mark kind="good" /> : shown === 'info' ? null : <Mark kind={shown} />}
          {isOver ? `Was ${shown}` : `${shown[0]?.toUpperCase()}${shown.slice(1)}`}
        </span>
        <span class="tag plain">{stateText(detail, viewer)}</span>
        <span class="small dim3">
          {isOver ? 'lasted' : 'open'} <Age since={openedAt} {...(resolvedAt === undefined ? {} : { until: resolvedAt })} />
          {' · '}
          {counted(alerts, 'alert')} {' · '}
          <span class="mono">{id}</span>
        </span>
      </p>
      <h1>{headline.text}</h1>
      {headline.detail === '' ? null : <p class="lede">{headline.detail}</p>}
      <CourseLine detail={detail} />
    </>
  );
}
