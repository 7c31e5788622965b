import type { Config } from '../config/schema.ts';
import { advance, trigger, unacknowledged } from '../escalation/escalate.ts';
import { onVerifyDeadline } from '../rollback/consider.ts';
import { formatDuration } from '../config/units.ts';
import { type Decision, draftOf, resolveIncident } from './draft.ts';
import type { Deadlines, Incident } from './incident.ts';
import { reopen } from './on-alerts.ts';

/** In which order deadlines that are due at one time are met. */
const order: (keyof Deadlines)[] = ['verify', 'resolve', 'groupWait', 'acknowledge', 'ackTimeout', 'recheck'];

/**
 * What the passing of time means for an incident: at most one step a call, its next deadline counted from `now`, so an
 * outage does not run through all tiers at once. Undefined when nothing is due, or when the wake is of an older
 * `generation` and something changed since it was made.
 */
export function onTime(incident: Incident, config: Config, now: number, generation?: number): Decision | undefined {
  if (generation !== undefined && generation !== incident.generation) return undefined;
  const due = order.filter((name) => (incident.deadlines[name] ?? Number.POSITIVE_INFINITY) <= now);
  const first = due.toSorted((a, b) => (incident.deadlines[a] ?? 0) - (incident.deadlines[b] ?? 0))[0];
  if (first === undefined) return undefined;
  const draft = draftOf(incident, config, now);
  draft.incident.deadlines[first] = undefined;
  switch (first) {
    case 'groupWait':
      trigger(draft, 'triggered', draft.incident.alerts[0]?.reason ?? '');
      break;
    case 'acknowledge':
      if (incident.counts.critical + incident.counts.warn > 0) advance(draft, 'escalated', unacknowledged(draft));
      else draft.note('refused', `not escalated: ${incident.counts.muted > 0 ? 'every alert that fires is muted' : 'every alert has resolved'}`);
      break;
    case 'ackTimeout': {
      const why = `${incident.acknowledgedBy ?? 'someone'} acknowledged ${formatDuration(now - (incident.acknowledgedAt ?? now))} ago and it is still open`;
      draft.note('ack timed out', why);
      trigger(draft, 'ack timed out', why);
      break;
    }
    case 'resolve':
      resolveIncident(draft, 'tocsin', `every alert has been resolved for ${formatDuration(config.settings.resolveDelay)}`);
      break;
    case 'recheck':
      if (incident.counts.critical + incident.counts.warn > 0) {
        reopen(draft, `still firing ${formatDuration(now - (incident.resolvedAt ?? now))} after ${incident.resolvedBy ?? 'someone'} resolved it`);
      }
      break;
    case 'verify':
      onVerifyDeadline(draft);
      break;
  }
  return draft.finish();
}
