import type { Alert } from '../../alerting/alerts/alert.ts';
import type { ResponseConfig } from '../../response/config.ts';
import { type Decision, type Draft, draftOf } from '../../response/incidents/draft.ts';
import type { Deadlines, Incident } from '../../response/incidents/incident.ts';
import type { TimelineEntry } from '../../response/incidents/timeline.ts';
import { type Fault, faultsOf, spanOf } from './next-step.ts';

/** A list of alerts may lag behind an incident that just changed. It is trusted after this. */
const settledAfterMs = 120_000;

/** What the consistency check reads besides the incident: its timeline, and every alert record. */
export type Evidence = { timeline: readonly TimelineEntry[]; alerts: readonly Alert[] };

/**
 * Whether the incident's counts match the alerts that say they belong to it, ignoring resolved
 * ones.
 */
export function countsFault({ id, counts, status }: Incident, { timeline, alerts }: Evidence, now: number): string | undefined {
  const changedAt = timeline.at(-1)?.at ?? now;
  // A change in the future comes from a clock that was ahead, and counts as old.
  const isFresh = changedAt <= now && now - changedAt < settledAfterMs;
  if (status === 'resolved' || isFresh) return undefined;
  const found = countOf(id, alerts);
  const differs =
    found.critical !== counts.critical ||
    found.warn !== counts.warn ||
    found.info !== counts.info ||
    found.muted !== counts.muted;
  if (!differs) return undefined;
  const told = (of: typeof found): string => `${of.critical} critical, ${of.warn} warn, ${of.info} info and ${of.muted} muted`;
  return `it counted ${told(counts)} alerts; the actual counts are ${told(found)}`;
}

/**
 * Repairs an incident: its next step, and its counts. Pages nobody itself. A lost deadline is
 * recomputed from the timeline, so a step that was taken is not repeated, and a late one is taken
 * at once. Undefined if nothing is wrong.
 */
export function repair(incident: Incident, evidence: Evidence, config: ResponseConfig, now: number): Decision | undefined {
  const draft = draftOf(incident, config, now);
  const recounted = countsFault(incident, evidence, now);
  if (recounted !== undefined) {
    recount(draft, evidence.alerts);
    draft.note('consistency check', `repaired: ${recounted}`, { data: { fault: 'counts' } });
  }
  // The counts determine the next step, so they are repaired first.
  const faults = faultsOf(draft.incident, config, now).filter(({ kind }) => kind !== 'overdue');
  if (recounted === undefined && faults.length === 0) return undefined;
  for (const fault of faults) {
    mend(draft, fault, evidence.timeline);
    draft.note('consistency check', `repaired: ${fault.text}`, { data: { fault: fault.kind } });
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
      // Finishing the decision recomputes the earliest deadline. That alone does not change the
      // incident.
      return;
  }
}

/** When the event happened that a deadline counts from. */
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
    case 'steady':
      return incident.flapping?.changedAt;
    case 'resolve':
    case 'joined':
    case 'reconsider':
      return undefined;
  }
}

/** The latest page that called somebody. News, such as a rollback result, moves no deadline. */
const lastCallOf = (timeline: readonly TimelineEntry[]): TimelineEntry | undefined =>
  timeline.findLast(({ kind, data }) => kind === 'page' && data?.reason !== 'rollback result');

function countOf(id: string, alerts: readonly Alert[]): Omit<Incident['counts'], 'resolved'> {
  const counts = { critical: 0, warn: 0, info: 0, muted: 0 };
  for (const { joined } of alerts) {
    if (joined?.incidentId !== id || joined.state === 'resolved') continue;
    counts[joined.state === 'firing' ? joined.severity : joined.state] += 1;
  }
  return counts;
}

const aliveIn = ({ critical, warn, info, muted }: Omit<Incident['counts'], 'resolved'>): number => critical + warn + info + muted;

/** Alerts without a record count as resolved. */
function recount({ incident }: Draft, alerts: readonly Alert[]): void {
  const alive = new Set(
    alerts.flatMap(({ joined, fingerprint }) =>
      joined?.incidentId === incident.id && joined.state !== 'resolved' ? [fingerprint] : [],
    ),
  );
  const before = incident.counts;
  const found = countOf(incident.id, alerts);
  const gone = aliveIn(before) - aliveIn(found);
  incident.counts = { ...found, resolved: before.resolved + Math.max(gone, 0) };
  incident.alerts = incident.alerts.map((brief) =>
    brief.state === 'resolved' || alive.has(brief.fingerprint)
      ? brief
      : { ...brief, state: 'resolved', reason: 'its record is gone' },
  );
}
