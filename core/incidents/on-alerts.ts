import { digest } from '../alerts/fingerprint.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Config, Severity } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import { freezePolicy, pageCurrentStep, trigger } from '../escalation/escalate.ts';
import { considerRollback, onRecovered } from '../rollback/consider.ts';
import { type Decision, type Draft, draftOf, resolveIncident } from './draft.ts';
import type { AlertBrief, Incident } from './incident.ts';

/** How many alerts an incident carries in full; the counts are exact whatever their number. */
export const maxBriefs = 50;

/** One alert as it was and as it is; `change` says why it is looked at. */
export type AlertChange = { before: Alert | undefined; after: Alert; change: string };

export type AlertsDecision = Decision & { /** The alerts with what they now count as in the incident. */ alerts: Alert[]; previous?: string };

const weight = { firing: 2, muted: 1, resolved: 0 } as const;
const bySeverity: Record<Severity, number> = { warn: 0, critical: 1 };

function joinedState(alert: Alert): 'firing' | 'muted' | 'resolved' {
  if (alert.state !== 'firing' && alert.state !== 'recovering') return 'resolved';
  return alert.muted === undefined ? 'firing' : 'muted';
}

export function briefOf(alert: Alert, config: Config): AlertBrief {
  const rule = config.rules[alert.ruleId];
  return {
    fingerprint: alert.fingerprint,
    ruleId: alert.ruleId,
    title: alert.aboutRule ? `the source of rule ${alert.ruleId} fails` : (rule?.title ?? alert.ruleId),
    labels: alert.labels,
    severity: alert.severity,
    state: joinedState(alert),
    since: alert.since,
    reason: alert.reason,
    value: alert.value,
    degradation: alert.degradation,
    baseline: alert.baseline,
    bound: alert.bound,
    owner: rule?.owner,
    runbook: alert.aboutRule ? 'source-failing' : (rule?.runbook ?? ''),
    rollback: alert.aboutRule ? undefined : rule?.rollback,
    muted: alert.muted,
  };
}

function newIncident(latest: Incident | undefined, first: Alert, config: Config, now: number): Incident {
  const group = Object.values(first.groupLabels).filter((value) => value !== '');
  return {
    id: `inc-${digest(`${first.groupKey}\n${now}\n${latest?.id ?? ''}`, 10)}`,
    groupKey: first.groupKey,
    groupLabels: first.groupLabels,
    title: `${briefOf(first, config).title}${group.length === 0 ? '' : ` (${group.join(', ')})`}`,
    status: 'waiting',
    severity: first.severity,
    worst: first.severity,
    category: first.category,
    openedAt: now,
    since: first.since,
    reopened: 0,
    counts: { critical: 0, warn: 0, muted: 0, resolved: 0 },
    alerts: [],
    policies: {},
    policyKey: '',
    escalation: { tier: 0, repeats: 0, fallback: false, targets: [], dead: [], slow: [] },
    joinedPagedAt: 0,
    paged: false,
    pagedContacts: {},
    messages: [],
    deadlines: {},
    generation: 0,
    version: 0,
  };
}

/**
 * What changed alerts of one group mean for its incident. `latest` is the group's latest incident, open or not; the
 * result is undefined when nothing is to be done (an alert that only became pending, or resolved without an incident).
 */
export function onAlerts(latest: Incident | undefined, changes: readonly AlertChange[], config: Config, now: number): AlertsDecision | undefined {
  const relevant = changes.filter(({ before, after }) => joinedState(after) !== 'resolved' || before?.joined !== undefined);
  const first = worst(relevant.filter(({ after }) => joinedState(after) !== 'resolved').map(({ after }) => after));
  if (relevant.length === 0) return undefined;

  const open = latest !== undefined && latest.status !== 'resolved' ? latest : undefined;
  const reopens = open === undefined && first !== undefined && latest !== undefined && now - (latest.resolvedAt ?? 0) < config.settings.reopenWindow;
  // Alerts that resolve after a person resolved their incident still belong to it.
  const base = open ?? (reopens || first === undefined ? latest : newIncident(latest, first, config, now));
  if (base === undefined) return undefined;
  const draft = draftOf(base, config, now);
  if (base.version === 0) draft.note('opened', draft.incident.title, { data: { group: base.groupLabels } });

  const severityBefore = base.severity;
  const activeBefore = base.counts.critical + base.counts.warn;
  const alerts = relevant.map((change) => join(draft, change));
  settleSeverity(draft, first);
  for (const alert of alerts) if (joinedState(alert) === 'resolved') onRecovered(draft, alert);
  if (reopens) reopen(draft, first?.reason ?? 'it fires again');
  else if (base.status === 'resolved') recoverAfterResolve(draft);
  else if (draft.incident.status !== 'resolved') react(draft, relevant, severityBefore, activeBefore);
  for (const alert of alerts) if (joinedState(alert) === 'firing') considerRollback(draft, alert);
  const previous = base.version === 0 ? latest?.id : undefined;
  return { ...draft.finish(), alerts, ...(previous === undefined ? {} : { previous }) };
}

function worst(alerts: readonly Alert[]): Alert | undefined {
  return alerts.toSorted((a, b) => bySeverity[b.severity] - bySeverity[a.severity] || a.since - b.since)[0];
}

/** Counts the alert in, and keeps the brief of the worst ones. */
function join(draft: Draft, { before, after, change }: AlertChange): Alert {
  const { incident } = draft;
  const was = before?.joined?.incidentId === incident.id ? before.joined : undefined;
  const state = joinedState(after);
  if (was !== undefined) count(incident, was, -1);
  const joined = { incidentId: incident.id, severity: after.severity, state };
  count(incident, joined, 1);
  const brief = briefOf(after, draft.config);
  const others = incident.alerts.filter((alert) => alert.fingerprint !== after.fingerprint);
  incident.alerts = [...others, brief]
    .sort((a, b) => weight[b.state] - weight[a.state] || bySeverity[b.severity] - bySeverity[a.severity] || a.since - b.since)
    .slice(0, maxBriefs);
  const name = `${brief.title}${labelText(after, incident)}`;
  if (state === 'muted' && was?.state !== 'muted') draft.note('muted', `${name}: no page, ${after.muted}`);
  else if (state === 'firing' && was?.state === 'muted') draft.note('unmuted', `${name}: no longer muted`);
  else if (state === 'firing' && (was === undefined || was.state === 'resolved')) draft.note('alert fired', `${name}: ${after.reason}`, { severity: after.severity, data: numbers(after) });
  else if (state === 'resolved') draft.note('alert resolved', `${name}: ${after.reason}`, { severity: after.severity, data: numbers(after) });
  else if (change.startsWith('severity')) draft.note(change as 'severity raised' | 'severity lowered', `${name} is now ${after.severity}: ${after.reason}`, { severity: after.severity, data: numbers(after) });
  return { ...after, joined };
}

function numbers(alert: Alert): Record<string, unknown> {
  return { rule: alert.ruleId, labels: alert.labels, value: alert.value, baseline: alert.baseline?.value, degradation: alert.degradation, severity: alert.severity };
}

/** The labels that tell this alert from the others of its group. */
function labelText(alert: Alert, incident: Incident): string {
  const own = Object.entries(alert.labels).filter(([name]) => incident.groupLabels[name] === undefined);
  return own.length === 0 ? '' : ` {${own.map(([name, value]) => `${name}=${value}`).join(', ')}}`;
}

function count(incident: Incident, joined: NonNullable<Alert['joined']>, by: 1 | -1): void {
  incident.counts[joined.state === 'firing' ? joined.severity : joined.state] += by;
}

/** The incident is as severe as its worst alert that pages; once none does it keeps what it had. */
function settleSeverity(draft: Draft, first: Alert | undefined): void {
  const { incident } = draft;
  const severity: Severity | undefined = incident.counts.critical > 0 ? 'critical' : incident.counts.warn > 0 ? 'warn' : undefined;
  if (severity === undefined || severity === incident.severity) return;
  incident.severity = severity;
  if (severity === 'critical') incident.worst = severity;
  if (severity === 'critical' && first !== undefined) incident.category = first.category;
}

function react(draft: Draft, changes: readonly AlertChange[], severityBefore: Severity, activeBefore: number): void {
  const { incident, now, config } = draft;
  const active = incident.counts.critical + incident.counts.warn;
  const lead = incident.alerts[0]?.reason ?? '';
  if (active === 0) {
    if (incident.status === 'waiting') {
      if (incident.counts.muted === 0) resolveIncident(draft, 'tocsin', 'every alert resolved before groupWait had passed; nobody was paged');
      else incident.deadlines = {};
    } else if (incident.counts.muted === 0 && incident.deadlines.resolve === undefined && activeBefore > 0) {
      if (config.settings.resolveDelay === 0) resolveIncident(draft, 'tocsin', 'every alert has resolved');
      else {
        incident.deadlines.resolve = now + config.settings.resolveDelay;
        draft.note('resolve pending', `every alert has resolved; the incident resolves in ${formatDuration(config.settings.resolveDelay)} unless one fires again`);
      }
    }
    return;
  }
  incident.deadlines.resolve = undefined;
  if (incident.status === 'waiting') {
    if (incident.severity === 'critical') trigger(draft, 'triggered', lead);
    else if (incident.deadlines.groupWait === undefined) {
      if (config.settings.groupWait === 0) trigger(draft, 'triggered', lead);
      else {
        incident.deadlines.groupWait = now + config.settings.groupWait;
        freezePolicy(draft);
      }
    }
    return;
  }
  if (bySeverity[incident.severity] > bySeverity[severityBefore]) {
    // An acknowledge covers the severity it was given for, so a rise pages again from tier 1.
    trigger(draft, 'severity raised', lead);
    return;
  }
  if (activeBefore === 0 && incident.status === 'triggered' && incident.deadlines.acknowledge === undefined) {
    // Escalation stopped while nothing fired that pages, and nobody has taken the incident.
    trigger(draft, 'triggered', lead);
    return;
  }
  const joined = changes.filter(({ before, after }) => joinedState(after) === 'firing' && (before?.joined?.incidentId !== incident.id || before.joined.state !== 'firing'));
  if (joined.length > 0 && incident.status === 'triggered' && now - incident.joinedPagedAt >= config.settings.groupInterval) {
    incident.joinedPagedAt = now;
    pageCurrentStep(draft, 'alert joined', joined.length === 1 ? (joined[0]?.after.reason ?? '') : `${joined.length} alerts joined; the first: ${joined[0]?.after.reason}`);
  }
}

/** Fires again within the reopen window: the same incident goes on, from tier 1. */
export function reopen(draft: Draft, why: string): void {
  const { incident } = draft;
  incident.reopened += 1;
  incident.resolvedAt = undefined;
  incident.resolvedBy = undefined;
  incident.resolveReason = undefined;
  incident.deadlines = {};
  if (incident.counts.critical + incident.counts.warn === 0) {
    incident.status = 'waiting';
    draft.note('reopened', `${why} (muted: no page)`);
    return;
  }
  draft.note('reopened', why);
  trigger(draft, 'reopened', why);
}

function recoverAfterResolve(draft: Draft): void {
  const { incident } = draft;
  if (incident.counts.critical + incident.counts.warn === 0) incident.deadlines.recheck = undefined;
}
