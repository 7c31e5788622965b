import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import { joinedState, shortLabels, summarize } from '../../alerting/alerts/alert-summary.ts';
import type { AlertChangeKind } from '../../alerting/alerts/change-kind.ts';
import { isLongOver } from '../../alerting/alerts/external.ts';
import { digest } from '../../vocabulary/fingerprint.ts';
import { asIncidentId } from '../../vocabulary/ids.ts';
import { isPaging, severityRank } from '../../vocabulary/severity.ts';
import type { ResponseConfig } from '../config.ts';
import { newEscalation } from '../escalation/escalate.ts';
import { routingOf } from '../escalation/routing.ts';
import type { Incident } from './incident.ts';
import { calls } from './info-only.ts';
import { titleOf } from './title.ts';

/** One alert before and after; `change` says why it is considered. */
export type AlertChange = { before: Alert | undefined; after: Alert; change: AlertChangeKind };

export function newIncident(latest: Incident | undefined, first: Alert, config: ResponseConfig, now: number): Incident {
  const groupLabels = shortLabels(first.groupLabels);
  const routing = routingOf(config, first);
  return {
    id: asIncidentId(`inc-${digest(`${first.groupKey}\n${now}\n${latest?.id ?? ''}`, 10)}`),
    ...(first.tenant === undefined ? {} : { tenant: first.tenant }),
    groupKey: first.groupKey,
    groupLabels,
    title: titleOf(summarize(first, config), groupLabels),
    titledBy: first.fingerprint,
    status: 'waiting',
    severity: first.severity,
    worst: first.severity,
    category: first.category,
    openedAt: now,
    since: first.since,
    reopened: 0,
    counts: { critical: 0, warn: 0, info: 0, muted: 0, resolved: 0 },
    alerts: [],
    policies: {},
    ...(routing === undefined ? {} : { routing }),
    policyKey: '',
    escalation: newEscalation(),
    joinedPagedAt: 0,
    joinedUnpaged: 0,
    paged: false,
    pagedContacts: [],
    messages: [],
    ...(latest?.changes === undefined ? {} : { changes: latest.changes }),
    deadlines: {},
    generation: 0,
    version: 0,
  };
}

/**
 * Whether changed alerts open a new incident or reopen that of their group; undefined if it is
 * open.
 */
export function openingOf(
  latest: Incident | undefined,
  changes: readonly AlertChange[],
  config: ResponseConfig,
  now: number,
): 'new' | 'reopen' | undefined {
  if (latest !== undefined && latest.status !== 'resolved') return undefined;
  if (!changes.some((change) => isNews(change, latest))) return undefined;
  // Alerts of it still fire and must find it, so `info` opens no other one before it.
  if (latest?.resolvedWhileFiring === true && !changes.some(({ after }) => isActive(after) && isPaging(after.severity)))
    return undefined;
  return latest !== undefined && mayReopen(latest, changes, config, now) ? 'reopen' : 'new';
}

/**
 * Whether a change is a reason to open or reopen an incident. An alert that just keeps firing is
 * not.
 */
function isNews({ before, after }: AlertChange, latest: Incident | undefined): boolean {
  const state = joinedState(after);
  const was = stateIn(latest, before);
  if (state === 'resolved') return false;
  if (was === undefined || was.state === 'resolved') return true;
  return state === 'firing' && (was.state === 'muted' || severityRank[after.severity] > severityRank[was.severity]);
}

/**
 * An incident that a person resolved while alerts fired stays the same one while any of them fires,
 * even muted. `info` alone reopens nothing: it is recorded in an incident of its own.
 */
function mayReopen(latest: Incident, changes: readonly AlertChange[], config: ResponseConfig, now: number): boolean {
  const goesOn = ({ before }: AlertChange): boolean =>
    before !== undefined && !isLongOver(before, now) && stateIn(latest, before) !== undefined;
  if (!changes.some(({ after }) => isActive(after) && isPaging(after.severity))) return false;
  return (
    now - (latest.resolvedAt ?? 0) < config.settings.reopenWindow ||
    latest.deadlines.recheck !== undefined ||
    (latest.resolvedWhileFiring === true && changes.some(goesOn))
  );
}

/**
 * The alert that names and routes the incident: the worst that pages, or else the worst of the
 * others.
 */
export function lead(alerts: readonly Alert[]): Alert | undefined {
  const order = (a: Alert, b: Alert): number =>
    Number(calls(b)) - Number(calls(a)) || severityRank[b.severity] - severityRank[a.severity] || a.since - b.since;
  return alerts.filter((alert) => joinedState(alert) !== 'resolved').toSorted(order)[0];
}

/** What an alert counted as in this incident before it changed. */
export const stateIn = (incident: Incident | undefined, before: Alert | undefined): Alert['joined'] =>
  before?.joined !== undefined && before.joined.incidentId === incident?.id ? before.joined : undefined;
