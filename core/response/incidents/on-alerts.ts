import type { Alert } from '../../alerting/alerts/alert.ts';
import { joinedState, shortLabels, summarize } from '../../alerting/alerts/alert-summary.ts';
import type { AlertChangeKind } from '../../alerting/alerts/change-kind.ts';
import { isUpstream } from '../../alerting/alerts/mute-reason.ts';
import { likelyCauses } from '../../alerting/correlation/causes.ts';
import { type Graph, graphOf } from '../../alerting/correlation/graph.ts';
import { causeUpstream } from '../../alerting/correlation/upstream.ts';
import { digest } from '../../vocabulary/fingerprint.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import type { GroupKey } from '../../vocabulary/ids.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { configOf, type ResponseConfig } from '../config.ts';
import { callCurrentStep, escalateNow, freezePolicy, newEscalation, trigger } from '../escalation/escalate.ts';
import { considerRollback, isSettled, withholdRollback } from '../rollback/consider.ts';
import { awaitsProof } from '../rollback/proof.ts';
import { onRecovered } from '../rollback/watch.ts';
import { incidentToJoin, type Joins, relatedIncidents, worstFirst } from './correlate.ts';
import { type Decision, type Draft, draftOf, resolveIncident, tocsin } from './draft.ts';
import { endByItself } from './end-by-itself.ts';
import type { Incident } from './incident.ts';
import { type Joining, join } from './join.ts';
import { callEach, noteJoin, relate, repage, survivingAlerts } from './relate.ts';

/** One alert before and after; `change` says why it is considered. */
export type AlertChange = { before: Alert | undefined; after: Alert; change: AlertChangeKind };

export type AlertsDecision = Decision & {
  /** The alerts with how they now count in the incident. */ alerts: Alert[];
  /** For a new incident: the previous latest one of its group. */
  previous?: string;
  /** The group whose alerts join another incident, and its latest incident so far. */
  follows?: { groupKey: GroupKey; previous?: string };
  /** Other incidents that record their relation to this one. */
  others: Decision[];
};

/** The correlation context: the dependency graph, and open incidents that may be related. */
export type Around = { graph: Graph; incidents: readonly Incident[] };

function newIncident(latest: Incident | undefined, first: Alert, config: ResponseConfig, now: number): Incident {
  const group = Object.values(first.groupLabels).filter((value) => value !== '');
  return {
    id: `inc-${digest(`${first.groupKey}\n${now}\n${latest?.id ?? ''}`, 10)}`,
    ...(first.tenant === undefined ? {} : { tenant: first.tenant }),
    groupKey: first.groupKey,
    groupLabels: shortLabels(first.groupLabels),
    title: cut(`${summarize(first, config).title}${group.length === 0 ? '' : ` (${group.join(', ')})`}`, 500),
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
    escalation: newEscalation(),
    joinedPagedAt: 0,
    joinedUnpaged: 0,
    paged: false,
    pagedContacts: {},
    messages: [],
    deadlines: {},
    generation: 0,
    version: 0,
  };
}

/**
 * What changed alerts of one group mean for its incident. `latest` is the group's latest incident,
 * open or not. Returns undefined when there is nothing to do (an alert only became pending, or
 * resolved without an incident).
 */
export function onAlerts(
  latest: Incident | undefined,
  changes: readonly AlertChange[],
  given: ResponseConfig,
  now: number,
  around: Around = { graph: graphOf(given), incidents: [] },
): AlertsDecision | undefined {
  const config = configOf(changes[0]?.after ?? {}, given);
  const { graph } = around;
  const first = lead(changes.map(({ after }) => after));
  const begins = beginning(latest, changes, config, now);
  const reopens = begins === 'again';
  const active = worstFirst(changes.map(({ after }) => after));
  const others = around.incidents.filter(({ id, status }) => id !== latest?.id && status !== 'resolved');
  const { joins, apart } = begins === 'anew' ? incidentToJoin(graph, config, active, others) : { joins: undefined, apart: [] };
  // Alerts that change after a person resolved their incident still belong to it.
  const base = begins === 'anew' && first !== undefined ? (joins?.incident ?? newIncident(latest, first, config, now)) : latest;
  if (base === undefined) return undefined;
  const joining = changes.map((change): Joining => ({ ...change, was: stateIn(base, change.before) }));
  const relevant = joining.filter(({ after, was }) => joinedState(after) !== 'resolved' || was !== undefined);
  if (relevant.length === 0) return undefined;
  const draft = draftOf(base, config, now);
  if (base.version === 0) draft.note('opened', draft.incident.title, { data: { group: base.groupLabels } });
  if (joins !== undefined && first !== undefined) noteJoin(draft, joins, shortLabels(first.groupLabels));

  const alerts = join(draft, relevant);
  // Once every alert has resolved, keep what was found while they fired: it is the better account.
  if (draft.incident.alerts.some(({ state }) => state !== 'resolved')) {
    const causes = likelyCauses(draft.incident.alerts, graph);
    if (causes.length > 0 || base.causes !== undefined) draft.incident.causes = causes;
  }
  settleSeverity(draft, first);
  for (const { after, change } of relevant) if (joinedState(after) === 'resolved') onRecovered(draft, after, change);
  if (reopens) {
    routeByWhatFires(draft, first, relevant);
    const goesOn = relevant.some(({ after, was }) => after.fingerprint === first?.fingerprint && was !== undefined);
    reopen(draft, first?.reason ?? 'it fires again', { goesOn, waitsForGroup: isUnheard(base) });
  } else if (base.status === 'resolved') recoverAfterResolve(draft);
  else if (draft.incident.status !== 'resolved') react(draft, relevant, base, joins);
  if (draft.incident.status !== 'resolved') for (const alert of alerts) considerRemedy(draft, alert, graph);
  const related = begins === 'anew' ? apart : relatedIncidents(graph, active, others);
  const told = draft.incident.status === 'resolved' ? [] : relate(draft, related, config, now);
  const previous = latest === undefined ? {} : { previous: latest.id };
  return {
    ...draft.finish(),
    alerts: alerts.map((alert, place) =>
      isWaitedFor(draft.incident, alert, relevant[place]?.change) ? { ...alert, awaitsValues: true } : alert,
    ),
    others: told,
    ...(base.version === 0 ? previous : {}),
    ...(joins === undefined ? {} : { follows: { groupKey: first?.groupKey ?? '', ...previous } }),
  };
}

/**
 * Whether changed alerts open a new incident or reopen that of their group; undefined if it is
 * open.
 */
export function beginning(
  latest: Incident | undefined,
  changes: readonly AlertChange[],
  config: ResponseConfig,
  now: number,
): 'anew' | 'again' | undefined {
  if (latest !== undefined && latest.status !== 'resolved') return undefined;
  if (!changes.some((change) => isNews(change, latest))) return undefined;
  return latest !== undefined && mayReopen(latest, changes, config, now) ? 'again' : 'anew';
}

/** Whether an alert ended without proving its rollback, while later values still may. */
const isWaitedFor = ({ rollback }: Incident, alert: Alert, change: AlertChangeKind | undefined): boolean =>
  rollback?.unproven !== undefined &&
  rollback.fingerprint === alert.fingerprint &&
  alert.state === 'resolved' &&
  change !== 'retired';

/** Bad upstream data would hurt any version of the model. */
function considerRemedy(draft: Draft, alert: Alert, graph: Graph): void {
  const state = joinedState(alert);
  if (state === 'resolved') return;
  const cause = isUpstream(alert.muted) ? alert.muted.text : causeUpstream(graph, alert, draft.incident.alerts);
  if (cause !== undefined) withholdRollback(draft, alert, cause);
  else if (state === 'firing') considerRollback(draft, alert);
}

const stateIn = (incident: Incident | undefined, before: Alert | undefined): Alert['joined'] =>
  before?.joined !== undefined && before.joined.incidentId === incident?.id ? before.joined : undefined;

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
 * even muted.
 */
function mayReopen(latest: Incident, changes: readonly AlertChange[], config: ResponseConfig, now: number): boolean {
  const goesOn = ({ before }: AlertChange): boolean => stateIn(latest, before) !== undefined;
  return (
    now - (latest.resolvedAt ?? 0) < config.settings.reopenWindow ||
    latest.deadlines.recheck !== undefined ||
    (latest.resolvedWhileFiring === true && changes.some(goesOn))
  );
}

/**
 * The alert that names and routes the incident: the worst that pages, or else the worst muted one.
 */
function lead(alerts: readonly Alert[]): Alert | undefined {
  const order = (a: Alert, b: Alert): number =>
    Number(joinedState(b) === 'firing') - Number(joinedState(a) === 'firing') ||
    severityRank[b.severity] - severityRank[a.severity] ||
    a.since - b.since;
  return alerts.filter((alert) => joinedState(alert) !== 'resolved').toSorted(order)[0];
}

/** The alert that reopens an incident routes it, unless other alerts kept firing. */
function routeByWhatFires({ incident }: Draft, first: Alert | undefined, changes: readonly Joining[]): void {
  const firing = changes.filter(({ after }) => joinedState(after) === 'firing').length;
  if (firing > 0 && first !== undefined && incident.counts.critical + incident.counts.warn === firing)
    incident.category = first.category;
}

/** The severity follows the worst alert that pages. If none does, it stays. */
function settleSeverity(draft: Draft, first: Alert | undefined): void {
  const { incident } = draft;
  const severity: Severity | undefined =
    incident.counts.critical > 0 ? 'critical' : incident.counts.warn > 0 ? 'warn' : undefined;
  if (severity === undefined || severity === incident.severity) return;
  incident.severity = severity;
  if (severity === 'critical') incident.worst = severity;
  if (severity === 'critical' && first !== undefined) incident.category = first.category;
}

function react(draft: Draft, changes: readonly Joining[], before: Incident, joins: Joins | undefined): void {
  const { incident, now, config } = draft;
  const active = incident.counts.critical + incident.counts.warn;
  const reason = incident.alerts[0]?.reason ?? incident.title;
  if (active === 0) {
    settle(draft);
    return;
  }
  incident.deadlines.resolve = undefined;
  const untold = incident.rollback?.untold;
  if (untold !== undefined) {
    Object.assign(incident.rollback ?? {}, { untold: undefined });
    escalateNow(draft, 'remedy failed', untold);
    return;
  }
  const first = lead(changes.map(({ after }) => after));
  // Muted alerts route an incident until one pages. Nobody was told before then.
  if (before.status === 'waiting' && before.counts.critical + before.counts.warn === 0)
    incident.category = first?.category ?? incident.category;
  if (incident.status === 'waiting') {
    if (incident.severity === 'critical' || config.settings.groupWait === 0) trigger(draft, 'triggered', reason);
    else if (incident.deadlines.groupWait === undefined) {
      incident.deadlines.groupWait = now + config.settings.groupWait;
      freezePolicy(draft);
    }
    return;
  }
  if (severityRank[incident.severity] > severityRank[before.severity] && !isCovered(incident)) {
    // An acknowledge covers one severity, so a rise pages again from tier 1.
    trigger(draft, 'severity raised', reason);
    return;
  }
  const another = incident.status === 'acknowledged' ? anotherCritical(changes, before, incident) : undefined;
  if (another !== undefined) {
    const over = incident.counts.muted > 0 ? 'what was acknowledged is over or muted' : 'what was acknowledged is over';
    trigger(draft, 'alert joined', `${over}, and another alert is critical: ${another.reason}`);
    return;
  }
  const outlasts = worstFirst(survivingAlerts(changes).map(({ after }) => after));
  if (joins?.routedAnew && first !== undefined && repage(draft, first, `the likely cause joined: ${first.reason}`)) return;
  if (outlasts.length > 0) {
    if (callEach(draft, outlasts, (alert) => `what explained it is over, and it still fires: ${alert.reason}`)) return;
    if (incident.status === 'acknowledged') unacknowledge(draft);
  }
  if (incident.status !== 'triggered') return;
  const joined = changes.filter(({ after, was }) => joinedState(after) === 'firing' && was?.state !== 'firing').length;
  if (joined === 0) return;
  incident.joinedUnpaged += joined;
  const next = incident.joinedPagedAt + config.settings.groupInterval;
  if (next <= now || incident.joinedPagedAt > now) pageJoined(draft);
  else incident.deadlines.joined = next;
}

/** Whether somebody already acknowledged the incident at this severity. */
const isCovered = ({ status, severity, acknowledgedSeverity }: Incident): boolean =>
  status === 'acknowledged' && acknowledgedSeverity !== undefined && severityRank[severity] <= severityRank[acknowledgedSeverity];

/**
 * A critical alert new to the incident, when everything else in it is resolved or muted, even if
 * only just now.
 */
function anotherCritical(changes: readonly Joining[], before: Incident, { counts }: Incident): Alert | undefined {
  const known = new Set(before.alerts.map(({ fingerprint }) => fingerprint));
  const fresh = changes.filter(
    ({ after, was }) => joinedState(after) === 'firing' && was === undefined && !known.has(after.fingerprint),
  );
  if (counts.critical + counts.warn > fresh.length) return undefined;
  return fresh.find(({ after }) => after.severity === 'critical')?.after;
}

/** The acknowledge was for a cause that is over. What remains is new, and pages again. */
function unacknowledge(draft: Draft): void {
  const { incident } = draft;
  draft.note('unmuted', `the acknowledge of ${incident.acknowledgedBy ?? 'someone'} was for what is over, and this still fires`);
  Object.assign(incident, { status: 'triggered', acknowledgedAt: undefined, acknowledgedBy: undefined });
  incident.deadlines.ackTimeout = undefined;
}

/** No alert pages any more: the incident ends now or soon, unless some are only muted. */
function settle(draft: Draft): void {
  const { incident, now, config } = draft;
  const { resolveDelay } = config.settings;
  incident.deadlines.joined = undefined;
  if (awaitsProof(incident)) {
    incident.deadlines.resolve = undefined;
    return;
  }
  if (incident.counts.muted > 0) {
    incident.deadlines.resolve = undefined;
    incident.deadlines.groupWait = undefined;
  } else if (incident.status === 'waiting') {
    const when = incident.deadlines.groupWait === undefined ? 'while it was muted' : 'before groupWait had passed';
    resolveIncident(draft, tocsin, `every alert resolved ${when}; nobody was paged`);
  } else if (resolveDelay === 0) endByItself(draft, 'every alert has resolved');
  else if (incident.deadlines.resolve === undefined) {
    incident.deadlines.resolve = now + resolveDelay;
    draft.note(
      'resolve pending',
      `every alert has resolved; the incident resolves in ${formatDuration(resolveDelay)} unless one fires again`,
    );
  }
}

/**
 * Pages about alerts that joined. If escalation has stopped and nobody acknowledged, restarts it.
 */
export function pageJoined(draft: Draft): void {
  const { incident, now } = draft;
  const { joinedUnpaged: joined, counts } = incident;
  incident.joinedUnpaged = 0;
  incident.deadlines.joined = undefined;
  if (incident.status !== 'triggered' || counts.critical + counts.warn === 0) return;
  const firing = incident.alerts.filter(({ state }) => state === 'firing');
  const newest = firing.toSorted((a, b) => b.since - a.since)[0];
  const isAll = joined >= counts.critical + counts.warn;
  const worstReason = firing[0]?.reason ?? incident.title;
  const why =
    joined === 1
      ? (newest?.reason ?? incident.title)
      : isAll
        ? worstReason
        : `${joined} alerts joined; the worst of the incident: ${worstReason}`;
  const stands = incident.deadlines.acknowledge === undefined;
  // Earlier tiers whose page was held back by a silence must still be told.
  if (stands || incident.escalation.heldWhileMuted) trigger(draft, isAll ? 'triggered' : 'alert joined', why);
  else {
    incident.joinedPagedAt = now;
    callCurrentStep(draft, 'alert joined', why);
  }
}

/** Nobody was ever paged, so its group begins like a new one. */
const isUnheard = ({ pagedContacts }: Incident): boolean => Object.keys(pagedContacts).length === 0;

/**
 * Reopens the incident, from tier 1, when an alert fires within the reopen window. With
 * `waitsForGroup`, a warning waits `groupWait` first, as in a new incident. `goesOn`: the alert
 * never ended.
 */
export function reopen(draft: Draft, reason: string, { goesOn = false, waitsForGroup = false } = {}): void {
  const { incident, config, now } = draft;
  const why = incident.resolvedWhileFiring === true ? `${resolvedText(incident, goesOn)}: ${reason}` : reason;
  incident.reopened += 1;
  // The old rollback decision is over. A new one goes through breaker and limits again.
  if (incident.rollback !== undefined && isSettled(incident.rollback)) incident.rollback = undefined;
  incident.reopenedAt = now;
  incident.pagedCritical = false;
  incident.resolvedAt = undefined;
  incident.resolvedBy = undefined;
  incident.resolveReason = undefined;
  incident.resolvedWhileFiring = undefined;
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  incident.acknowledgedSeverity = undefined;
  incident.deadlines = {};
  if (incident.counts.critical + incident.counts.warn === 0) {
    incident.status = 'waiting';
    draft.note('reopened', `${why} (muted: no page)`);
    return;
  }
  draft.note('reopened', why);
  if (waitsForGroup && incident.severity === 'warn' && config.settings.groupWait > 0) {
    incident.status = 'waiting';
    incident.deadlines.groupWait = now + config.settings.groupWait;
    freezePolicy(draft);
    return;
  }
  trigger(draft, 'reopened', why);
}

/** The page must say that a person resolved it, and that it went on. */
function resolvedText({ resolvedBy, resolvedAt }: Incident, goesOn: boolean): string {
  const at = resolvedAt === undefined ? '' : ` at ${formatUtc(resolvedAt)}`;
  return `${resolvedBy ?? 'someone'} resolved it${at}; ${goesOn ? 'it still fires' : 'more fires now'}`;
}

function recoverAfterResolve(draft: Draft): void {
  const { incident } = draft;
  const { critical, warn, muted } = incident.counts;
  if (critical + warn === 0) incident.deadlines.recheck = undefined;
  if (critical + warn + muted === 0) incident.resolvedWhileFiring = undefined;
}
