import { graphOf } from '../../alerting/correlation/graph.ts';
import { causeUpstream } from '../../alerting/correlation/upstream.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { ResponseConfig } from '../config.ts';
import { advance, restart, trigger, unacknowledged } from '../escalation/escalate.ts';
import { type Causes, onReconsider } from '../rollback/consider.ts';
import { onVerifyDeadline } from '../rollback/watch.ts';
import { type Decision, type Draft, draftOf, nothingToPage } from './draft.ts';
import { endByItself } from './end-by-itself.ts';
import type { Deadlines, Incident } from './incident.ts';
import { pageJoined, reopen } from './on-alerts.ts';
import { firingLines, stillFiring } from './still-firing.ts';

/** In which order deadlines that are due at one time are met. */
const order: (keyof Deadlines)[] = [
  'verify',
  'resolve',
  'groupWait',
  'acknowledge',
  'ackTimeout',
  'joined',
  'reconsider',
  'recheck',
  'restart',
];

/**
 * What the passing of time means for an incident: at most one step a call, its next deadline counted from `now`, so an
 * outage does not run through all tiers at once. Undefined when nothing is due, or when the wake is of an older
 * `generation` and something changed since it was made. `causes` tells of an alert what is open upstream of it; by the alerts of the
 * incident alone when left out.
 */
export function onTime(
  incident: Incident,
  config: ResponseConfig,
  now: number,
  generation?: number,
  causes?: Causes,
): Decision | undefined {
  if (generation !== undefined && generation !== incident.generation) return undefined;
  const due = order.filter((name) => (incident.deadlines[name] ?? Number.POSITIVE_INFINITY) <= now);
  const first = due.toSorted((a, b) => (incident.deadlines[a] ?? 0) - (incident.deadlines[b] ?? 0))[0];
  if (first === undefined) return undefined;
  const draft = draftOf(incident, config, now);
  draft.incident.deadlines[first] = undefined;
  met[first](draft, causes ?? ((alert) => causeUpstream(graphOf(config), alert, incident.alerts)));
  return draft.finish();
}

const met: Record<keyof Deadlines, (draft: Draft, causes: Causes) => void> = {
  groupWait(draft) {
    trigger(draft, 'triggered', draft.incident.alerts[0]?.reason ?? draft.incident.title);
  },
  acknowledge(draft) {
    const withheld = nothingToPage(draft.incident);
    if (withheld === undefined) advance(draft, 'escalated', unacknowledged(draft));
    else draft.note('refused', `not escalated: ${withheld}`);
  },
  ackTimeout(draft) {
    const { incident, now } = draft;
    const since = formatDuration(now - (incident.acknowledgedAt ?? now));
    const why = `${incident.acknowledgedBy ?? 'someone'} acknowledged ${since} ago and it is still open`;
    const withheld = nothingToPage(incident);
    incident.acknowledgedSeverity = undefined;
    draft.note('ack timed out', withheld === undefined ? why : `${why}; no page: ${withheld}`);
    if (withheld === undefined) trigger(draft, 'ack timed out', why);
    else {
      // Nobody has it any more, so that what fires next, or is no longer muted, pages again.
      incident.status = 'triggered';
      incident.acknowledgedAt = undefined;
      incident.acknowledgedBy = undefined;
    }
  },
  joined: pageJoined,
  resolve(draft) {
    const delay = formatDuration(draft.config.settings.resolveDelay);
    endByItself(draft, `every alert has been resolved for ${delay}`);
  },
  recheck(draft) {
    const { incident } = draft;
    // What is muted comes back when it is muted no longer.
    const firing = stillFiring(incident);
    if (firing !== undefined) reopen(draft, firingLines(firing).join('; '), { goesOn: true });
  },
  verify: onVerifyDeadline,
  restart(draft) {
    const withheld = nothingToPage(draft.incident);
    if (withheld === undefined) restart(draft);
    else draft.note('refused', `escalation does not begin again: ${withheld}`);
  },
  reconsider: onReconsider,
};
