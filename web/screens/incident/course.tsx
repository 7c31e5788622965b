import { courseOf } from '../../../core/charts/course.ts';
import { formatValue } from '../../../core/vocabulary/format.ts';
import type { ChartDto } from '../../../http/api/dto/chart.ts';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { chartOfDto } from '../../charts/chart-data.ts';
import { useAnswer } from '../../data/answer.ts';
import { Time } from '../../parts/time.tsx';
import { touchesIncident } from './touches.ts';

const words = { worse: 'Getting worse', better: 'Getting better', steady: 'Neither better nor worse, as far as can be told' };

/**
 * Whether it gets worse, under the sentence: the chart is a thumb's way further down on a phone.
 */
export function CourseLine({ detail: { incident } }: { detail: IncidentDetailDto }) {
  const rules = incident.alerts.map(({ rule }) => rule);
  const isOpen = incident.status !== 'resolved';
  const answer = useAnswer<ChartDto>(
    isOpen ? `/api/incidents/${encodeURIComponent(incident.id)}/chart` : undefined,
    touchesIncident(incident.id, rules),
  );
  const course = answer.value === undefined ? undefined : courseOf(chartOfDto(answer.value).points);
  if (!isOpen || course === undefined) return null;
  const { kind, from, to } = course;
  return (
    <p class={`course ${kind === 'worse' ? 't-critical' : 'dim'}`}>
      {words[kind]}: {formatValue(from.value, to.value)} at <Time at={from.at} />, {formatValue(to.value, from.value)} at{' '}
      <Time at={to.at} />.
    </p>
  );
}
