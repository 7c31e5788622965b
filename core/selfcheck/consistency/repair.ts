import type { Alert } from '../../alerting/alerts/alert.ts';
import type { ResponseConfig } from '../../response/config.ts';
import { type Decision, type Draft, draftOf } from '../../response/incidents/draft.ts';
import type { Deadlines, Incident } from '../../response/incidents/incident.ts';
import type { TimelineEntry } from '../../response/incidents/timeline.ts';
import { type Fault, faultsOf, spanOf } from './next-step.ts';

/** A list of alerts may lag a moment behind an incident that has just changed; it is trusted once this has passed. */
const settledAfterMs = 120_000;

/** What an audit reads beside the incident: its timeline, and every alert that has a record. */
export type Evidence = { timeline: readonly TimelineEntry[]; alerts: readonly Alert[] };

/** Whether the counts of the incident are those of the alerts that say they are in it; alerts that have resolved aside. */
export function countsFault({ id, counts, status }: Incident, { timeline, alerts }: Evidence, now: number): string | undefined {
  const changedAt = timeline.at(-1)?.at ?? now;
  // A change that lies ahead is of a clock that had run ahead; it is as old as any.
  const isFresh = changedAt <= now && now - changedAt < settledAfterMs;
  if (status === 'resolved' || isFresh) return undefined;
  const found = countOf(id, alerts);
  const differs = found.critical !== counts.critical || found.warn !== counts.warn || found.muted !== counts.muted;
  if (!differs) return undefined;
  const told = (of: typeof found): string => `${of.critical} critical, ${of.warn} warn and ${of.muted} muted`;
  return `it counted ${told(counts)} alerts, and there are ${told(found)}`;
}

/**
 * Gives an incident back what it lacks: its next step, and the counts of the alerts that there are. It pages nobody
 * itself. A deadline that was lost is set to when it would have come, counted from what is on the timeline, so a step that
 * has been taken is not taken twice and one that is late is taken at once. Undefined when nothing is wrong.
 */
export function repair(incident: Incident, evidence: Evidence, config: ResponseConfig, now: number): Decision | undefined {
  const draft = draftOf(incident, config, now);
  const recounted = countsFault(incident, evidence, now);
  if (recounted !== undefined) {
    recount(draft, evidence.alerts);
    draft.note('audit', `repaired: ${recounted}`);
  }
  // Counts say what has to come next, so they are put right first.
  const faults = faultsOf(draft.incident, config, now).filter(({ kind }) => kind !== 'overdue');
  if (recounted === undefined && faults.length === 0) return undefined;
  for (const fault of faults) {
    mend(draft, fault, evidence.timeline);
    draft.note('audit', `repaired: ${fault.text}`, { data: { fault: fault.kind } });
  }
  return draft.finish();
}

function mend({ incident, config, now }: Draft, fault: Fault, timeline: readonly TimelineEntry[]): void {
  switch (fault.kind) {
    case 'stray':
      incident.deadlines[fault.name] = undefined;
      return;
    case 'too far ahead':
      if (incident.deadlines[fault.name] !== undefined) incident.deadlines[fault.name] = fault.latest;
      return;
    case 'no next step': {
      const since = causeOf(fault.name, incident, timeline) ?? now;
      incident.deadlines[fault.name] = Math.max(now, since + spanOf(fault.name, incident, config));
      return;
    }
    case 'hidden':
    case 'overdue':
      // The end of the decision finds the earliest deadline again; waking is not a change of the incident.
      return;
  }
}

/** When what a deadline counts from happened. */
function causeOf(name: keyof Deadlines, incident: Incident, timeline: readonly TimelineEntry[]): number | undefined {
  switch (name) {
    case 'acknowledge':
    case 'restart':
      return lastCallOf(timeline)?.at;
    case 'ackTimeout':
      return incident.acknowledgedAt;
    case 'groupWait':
      return incident.reopenedAt ?? incident.openedAt;
    case 'recheck':
      return incident.resolvedAt;
    case 'verify':
      return incident.rollback?.at;
    case 'resolve':
    case 'joined':
    case 'reconsider':
      return undefined;
  }
}

/** The latest page that asked somebody to act. News such as the result of a rollback moves no deadline. */
const lastCallOf = (timeline: readonly TimelineEntry[]): TimelineEntry | undefined =>
  timeline.findLast(({ kind, data }) => kind === 'page' && data?.['reason'] !== 'rollback result');

function countOf(id: string, alerts: readonly Alert[]): { critical: number; warn: number; muted: number } {
  const counts = { critical: 0, warn: 0, muted: 0 };
  for (const { joined } of alerts) {
    if (joined?.incidentId !== id || joined.state === 'resolved') continue;
    counts[joined.state === 'firing' ? joined.severity : joined.state] += 1;
  }
  return counts;
}

/** Alerts whose record is gone count as resolved. */
function recount({ incident }: Draft, alerts: readonly Alert[]): void {
  const alive = new Set(
    alerts.flatMap(({ joined, fingerprint }) =>
      joined?.incidentId === incident.id && joined.state !== 'resolved' ? [fingerprint] : [],
    ),
  );
  const before = incident.counts;
  const found = countOf(incident.id, alerts);
  const gone = before.critical + before.warn + before.muted - (found.critical + found.warn + found.muted);
  incident.counts = { ...found, resolved: before.resolved + Math.max(gone, 0) };
  incident.alerts = incident.alerts.map((brief) =>
    brief.state === 'resolved' || alive.has(brief.fingerprint)
      ? brief
      : { ...brief, state: 'resolved', reason: 'its record is gone' },
  );
}
