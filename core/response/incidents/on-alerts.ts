import type { Alert } from '../../alerting/alerts/alert.ts';
import { joinedState, shortLabels } from '../../alerting/alerts/alert-summary.ts';
import type { AlertChangeKind } from '../../alerting/alerts/change-kind.ts';
import { isUpstream } from '../../alerting/alerts/mute-reason.ts';
import { likelyCauses } from '../../alerting/correlation/causes.ts';
import { type Graph, graphOf } from '../../alerting/correlation/graph.ts';
import { causeUpstream } from '../../alerting/correlation/upstream.ts';
import type { Change } from '../../telemetry/changes/change.ts';
import { asGroupKey, type GroupKey, type IncidentId } from '../../vocabulary/ids.ts';
import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import { configOf, type ResponseConfig } from '../config.ts';
import { leadBy } from '../escalation/routing.ts';
import { tellUnpaged } from '../escalation/tell-unpaged.ts';
import { beginFlapping, noteChanges } from '../flapping/begin.ts';
import { considerRollback, withholdRollback } from '../rollback/consider.ts';
import { onRecovered } from '../rollback/watch.ts';
import { incidentToJoin, relatedIncidents, worstFirst } from './correlate.ts';
import { type Decision, type Draft, draftOf } from './draft.ts';
import type { Incident } from './incident.ts';
import { type Joining, join } from './join.ts';
import { type AlertChange, lead, newIncident, openingOf, stateIn } from './opening.ts';
import { react } from './react.ts';
import { noteJoin, relate } from './relate.ts';
import { isUnheard, recoverAfterResolve, reopen, routeByWhatFires } from './reopen.ts';
import { namedBy, titleOf } from './title.ts';
import { tellChangesBefore } from './what-changed.ts';

export type AlertsDecision = Decision & {
  /** The alerts with how they now count in the incident. */
  alerts: Alert[];
  /** For a new incident: the previous latest one of its group. */
  previous?: IncidentId;
  /** The group whose alerts join another incident, and its latest incident so far. */
  follows?: { groupKey: GroupKey; previous?: IncidentId };
  /** Other incidents that record their relation to this one. */
  others: Decision[];
};

/**
 * The correlation context: the dependency graph, open incidents that may be related, and what was
 * changed lately.
 */
export type Around = { graph: Graph; incidents: readonly Incident[]; changes?: readonly Change[] };

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
  const opening = openingOf(latest, changes, config, now);
  const active = worstFirst(changes.map(({ after }) => after));
  const others = around.incidents.filter(({ id, status }) => id !== latest?.id && status !== 'resolved');
  const { joins, apart } = opening === 'new' ? incidentToJoin(graph, config, active, others) : { joins: undefined, apart: [] };
  // Alerts that change after a person resolved their incident still belong to it.
  const base = opening === 'new' && first !== undefined ? (joins?.incident ?? newIncident(latest, first, config, now)) : latest;
  if (base === undefined) return undefined;
  const joining = changes.map((change): Joining => ({ ...change, was: stateIn(base, change.before) }));
  const relevant = joining.filter(({ after, was }) => joinedState(after) !== 'resolved' || was !== undefined);
  if (relevant.length === 0) return undefined;
  const draft = draftOf(base, config, now);
  if (base.version === 0) draft.note('opened', draft.incident.title, { data: { group: base.groupLabels } });
  if (joins !== undefined && first !== undefined) noteJoin(draft, joins, shortLabels(first.groupLabels));

  const alerts = join(draft, relevant);
  noteChanges(draft, relevant);
  // Once every alert has resolved, keep what was found while they fired: it is the better account.
  if (draft.incident.alerts.some(({ state }) => state !== 'resolved')) {
    const causes = likelyCauses(draft.incident.alerts, graph);
    if (causes.length > 0 || base.causes !== undefined) draft.incident.causes = causes;
  }
  if (base.version === 0) tellChangesBefore(draft, graph, around.changes ?? []);
  settleSeverity(draft, first);
  settleTitle(draft);
  for (const { after, change } of relevant) if (joinedState(after) === 'resolved') onRecovered(draft, after, change);
  if (opening === 'reopen') {
    routeByWhatFires(draft, first, relevant);
    const goesOn = relevant.some(({ after, was }) => after.fingerprint === first?.fingerprint && was !== undefined);
    const flaps = beginFlapping(draft, relevant);
    reopen(draft, first?.reason ?? 'it fires again', { goesOn, waitsForGroup: isUnheard(base), flaps });
  } else if (base.status === 'resolved') recoverAfterResolve(draft);
  else if (draft.incident.status !== 'resolved') react(draft, relevant, base, joins);
  if (draft.incident.status !== 'resolved') for (const alert of alerts) considerRemedy(draft, alert, graph, base);
  if (draft.incident.status !== 'resolved') tellUnpaged(draft, alerts);
  const related = opening === 'new' ? apart : relatedIncidents(graph, active, others);
  const told = draft.incident.status === 'resolved' ? [] : relate(draft, related, config, now);
  const previous = latest === undefined ? {} : { previous: latest.id };
  return {
    ...draft.finish(),
    alerts: alerts.map((alert, place) =>
      isWaitedFor(draft.incident, alert, relevant[place]?.change) ? { ...alert, awaitsValues: true } : alert,
    ),
    others: told,
    ...(base.version === 0 ? previous : {}),
    ...(joins === undefined ? {} : { follows: { groupKey: first?.groupKey ?? asGroupKey(''), ...previous } }),
  };
}

/** Whether an alert ended without proving its rollback, while later values still may. */
const isWaitedFor = ({ rollback }: Incident, alert: Alert, change: AlertChangeKind | undefined): boolean =>
  rollback?.unproven !== undefined &&
  rollback.fingerprint === alert.fingerprint &&
  alert.state === 'resolved' &&
  change !== 'retired';

/** Bad upstream data would hurt any version of the model. */
function considerRemedy(draft: Draft, alert: Alert, graph: Graph, before: Incident): void {
  const state = joinedState(alert);
  if (state === 'resolved') return;
  const cause = isUpstream(alert.muted) ? alert.muted.text : causeUpstream(graph, alert, draft.incident.alerts);
  if (cause !== undefined) withholdRollback(draft, alert, cause);
  else if (state === 'firing') considerRollback(draft, alert, before);
}

/** The title follows the alert that is worst now: one that has resolved must not name the rest. */
function settleTitle(draft: Draft): void {
  const { incident } = draft;
  const name = namedBy(incident);
  if (name === undefined) return;
  const title = titleOf(name, incident.groupLabels);
  if (title !== incident.title) draft.note('retitled', `${title}; before: ${incident.title}`);
  Object.assign(incident, { title, titledBy: name.fingerprint });
}

/** The severity follows the worst alert that pages. If none does, it stays. */
function settleSeverity(draft: Draft, first: Alert | undefined): void {
  const { incident } = draft;
  const severity: AlertSeverity | undefined =
    incident.counts.critical > 0 ? 'critical' : incident.counts.warn > 0 ? 'warn' : undefined;
  if (severity === undefined || severity === incident.severity) return;
  incident.severity = severity;
  if (severityRank[severity] > severityRank[incident.worst]) incident.worst = severity;
  if (severity === 'critical' && first !== undefined) leadBy(incident, first, draft.config);
}
