import { graphOf } from '../../alerting/correlation/graph.ts';
import { causeUpstream } from '../../alerting/correlation/upstream.ts';
import { formatAge, formatDuration } from '../../vocabulary/units.ts';
import type { ResponseConfig } from '../config.ts';
import { advance, restart, trigger, unacknowledged } from '../escalation/escalate.ts';
import { type Causes, onReconsider } from '../rollback/consider.ts';
import { onVerifyDeadline } from '../rollback/watch.ts';
import { type Decision, type Draft, draftOf, nothingToPage } from './draft.ts';
import { endByItself } from './end-by-itself.ts';
import type { Deadlines, Incident } from './incident.ts';
import { leadingOf } from './info-only.ts';
import { howDriftEnds } from './lasting-drift.ts';
import { begin, pageJoined } from './react.ts';
import { reopen } from './reopen.ts';
import { onSteady } from './steady.ts';
import { firingLines, stillFiring } from './still-firing.ts';

/** The order in which deadlines due at the same time are handled. */
const order: (keyof Deadlines)[] = [
  'verify',
  'resolve',
  'steady',
  'groupWait',
  'acknowledge',
  'ackTimeout',
  'joined',
  'reconsider',
  'recheck',
  'restart',
];

/**
 * What the passing of time means for an incident. At most one step per call, with the next deadline
 * counted from `now`, so an outage does not run through all tiers at once. Undefined if nothing is
 * due, or if the timer has an older `generation`. `causes` returns the open upstream cause of an
 * alert; by default only alerts of this incident are considered.
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
    begin(draft, leadingOf(draft.incident.alerts)?.reason ?? draft.incident.title);
  },
  acknowledge(draft) {
    const withheld = nothingToPage(draft.incident);
    if (withheld === undefined) advance(draft, 'escalated', unacknowledged(draft), 'unacknowledged');
    else draft.note('refused', `not escalated: ${withheld.text}`, { data: { withheld: withheld.code } });
  },
  ackTimeout(draft) {
    const { incident, now } = draft;
    const since = formatAge(now - (incident.acknowledgedAt ?? now));
    const why = `${incident.acknowledgedBy ?? 'someone'} acknowledged ${since} ago and it is still open${howDriftEnds(incident.alerts)}`;
    const withheld = nothingToPage(incident);
    incident.acknowledgedSeverity = undefined;
    const text = withheld === undefined ? why : `${why}; no page: ${withheld.text}`;
    draft.note('ack timed out', text, { data: { withheld: withheld?.code } });
    if (withheld === undefined) trigger(draft, 'ack timed out', why);
    else {
      // Nobody owns it now, so whatever fires or is unmuted next pages again.
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
  steady: onSteady,
  recheck(draft) {
    const { incident } = draft;
    // A muted alert returns when it is unmuted.
    const firing = stillFiring(incident);
    if (firing !== undefined) reopen(draft, firingLines(firing).join('; '), { goesOn: true });
  },
  verify: onVerifyDeadline,
  restart(draft) {
    const withheld = nothingToPage(draft.incident);
    if (withheld === undefined) restart(draft);
    else draft.note('refused', `escalation does not restart: ${withheld.text}`, { data: { withheld: withheld.code } });
  },
  reconsider: onReconsider,
};
