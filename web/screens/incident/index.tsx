import { useEffect, useRef } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso/router';
import type { IncidentDetailDto } from '../../../http/api/dto/incident-detail.ts';
import { useAnswer } from '../../data/answer.ts';
import { useTitle } from '../../frame/title.ts';
import { useScheduleOf } from '../../frame/zone.ts';
import { Shown } from '../../parts/states.tsx';
import { Actions, Refused } from './actions.tsx';
import { Causes } from './causes.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { Evidence } from './evidence.tsx';
import { Facts } from './facts.tsx';
import { Head } from './head.tsx';
import { Next } from './next.tsx';
import { Rollback } from './rollback.tsx';
import { RunbookPanel } from './runbook-panel.tsx';
import { Timeline } from './timeline.tsx';
import { touchesIncident } from './touches.ts';

/** One incident: what broke, since when, why, and what now. */
export default function Incident() {
  const { params } = useRoute();
  const { path } = useLocation();
  const id = params['id'] ?? path.split('/')[2] ?? '';
  const rules = useRef<string[]>([]);
  const answer = useAnswer<IncidentDetailDto>(`/api/incidents/${encodeURIComponent(id)}`, (change) =>
    touchesIncident(id, rules.current)(change),
  );
  rules.current = answer.value?.incident.alerts.map(({ rule }) => rule) ?? [];
  const { value } = answer;
  useScheduleOf(value?.schedule);
  useTitle(value === undefined ? 'Incident' : value.incident.title);
  useEffect(() => {
    if (value !== undefined && location.hash.length > 1 && !location.hash.includes('='))
      document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [value === undefined]);
  if (value === undefined)
    return (
      <>
        <h1>Incident {id}</h1>
        <div class="stack">
          <Shown answer={answer} what={`incident ${id}`} lines={12}>
            {() => null}
          </Shown>
        </div>
      </>
    );
  return (
    <Shown answer={answer} what={`incident ${id}`}>
      {(detail) => (
        <div class="incident">
          <Head detail={detail} />
          <Actions detail={detail} />
          <Refused detail={detail} />
          <div class="columns">
            <div class="stack">
              <ChartPanel detail={detail} />
              <Causes detail={detail} />
              <Evidence detail={detail} />
              <Timeline detail={detail} />
            </div>
            <aside class="stack" aria-label="What happens next">
              <Next detail={detail} />
              <Rollback detail={detail} />
              <RunbookPanel detail={detail} />
              <Facts detail={detail} />
            </aside>
          </div>
        </div>
      )}
    </Shown>
  );
}
