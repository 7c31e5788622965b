import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { isAlone } from '../../alerting/alerts/group.ts';
import { isUpstream } from '../../alerting/alerts/mute-reason.ts';
import type { Graph } from '../../alerting/correlation/graph.ts';
import { type Link, linkOf } from '../../alerting/correlation/link.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import type { Category, Severity } from '../../vocabulary/schema-parts.ts';
import { isPaging, pagedAs, severityRank } from '../../vocabulary/severity.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { ResponseConfig } from '../config.ts';
import { policyFor } from '../escalation/matrix.ts';
import type { RoutedTo } from '../escalation/routed-to.ts';
import { policyKeyOf, routingOf } from '../escalation/routing.ts';
import type { Incident } from './incident.ts';
import { calls } from './info-only.ts';

/** The incident that alerts of another group join, and why. */
export type Joins = {
  incident: Incident;
  why: string;
  /** The likely cause joins its effects, and other people must be paged for it. */
  routedAnew: boolean;
};

/** A related incident that is not joined; why it is related, and why not joined. */
export type Apart = { incident: Incident; why: string };

/** Which incident to join first: that of the cause, then of the effects, then others. */
const byLink: Record<Link['kind'], number> = { upstream: 0, downstream: 1, same: 2, label: 3 };

type Found = { incident: Incident; alert: Alert; summary: AlertSummary; link: Link };

/**
 * Whether alerts that would open an incident join an open one instead. They do when
 *
 * - an upstream cause in it mutes one of them, whenever that cause began; or
 * - one of them began within `within` of a related alert in it, and the incident pages the same
 *   people. After an acknowledge, only alerts that began close to an alert known at that time join:
 *   the acknowledge stops pages, and must not stop those about something new.
 *
 * @param alerts Active alerts of one group; the worst first.
 */
export function incidentToJoin(
  graph: Graph,
  config: ResponseConfig,
  alerts: readonly Alert[],
  candidates: readonly Incident[],
): { joins: Joins | undefined; apart: Apart[] } {
  const found = linksTo(graph, alerts, candidates);
  const near = Map.groupBy(
    found.filter((one) => gap(one) <= graph.settings.within),
    ({ incident }) => incident.id,
  );
  const refused = new Map<string, string>();
  let joins: Joins | undefined;
  for (const one of found) {
    const { incident } = one;
    const verdict = mayJoin(config, alerts, near.get(incident.id) ?? [], one);
    if (typeof verdict !== 'string') {
      joins = { incident, why: whyOf(one), routedAnew: verdict.routedAnew };
      break;
    }
    if (!refused.has(incident.id)) refused.set(incident.id, `${whyOf(one)}; ${verdict}`);
  }
  const apart = new Map<string, Apart>();
  for (const one of found) {
    const { incident } = one;
    if (incident.id === joins?.incident.id || apart.has(incident.id)) continue;
    apart.set(incident.id, { incident, why: refused.get(incident.id) ?? whyOf(one) });
  }
  return { joins, apart: [...apart.values()] };
}

/** Other incidents related to one of the alerts, and why. */
export function relatedIncidents(graph: Graph, alerts: readonly Alert[], others: readonly Incident[]): Apart[] {
  const apart = new Map<string, Apart>();
  for (const one of linksTo(graph, alerts, others))
    if (!apart.has(one.incident.id)) apart.set(one.incident.id, { incident: one.incident, why: whyOf(one) });
  return [...apart.values()];
}

/** Links from alerts to open incidents, best first. The order depends on nothing else. */
function linksTo(graph: Graph, alerts: readonly Alert[], incidents: readonly Incident[]): Found[] {
  const { within } = graph.settings;
  const found: Found[] = [];
  for (const incident of incidents) {
    if (incident.status === 'resolved') continue;
    for (const alert of alerts) {
      for (const summary of incident.alerts) {
        if (summary.state === 'resolved' || summary.fingerprint === alert.fingerprint) continue;
        const link = linkOf(graph, alert, summary);
        if (link === undefined) continue;
        // A shared label or place links only what is close in time. A dependency always links.
        const isGraph = link.kind === 'upstream' || link.kind === 'downstream';
        if (isGraph || Math.abs(alert.since - summary.since) <= within) found.push({ incident, alert, summary, link });
      }
    }
  }
  return found.sort(
    (a, b) =>
      byLink[a.link.kind] - byLink[b.link.kind] ||
      severityRank[b.summary.severity] - severityRank[a.summary.severity] ||
      gap(a) - gap(b) ||
      a.incident.openedAt - b.incident.openedAt ||
      (a.incident.id === b.incident.id
        ? a.summary.fingerprint < b.summary.fingerprint
          ? -1
          : 1
        : a.incident.id < b.incident.id
          ? -1
          : 1),
  );
}

const gap = ({ alert, summary }: Found): number => Math.abs(alert.since - summary.since);

function whyOf({ summary, link }: Found): string {
  return `${link.text}; ${summary.title} is ${summary.severity} there since ${formatUtc(summary.since)}`;
}

type Verdict = { routedAnew: boolean } | string;

function mayJoin(config: ResponseConfig, alerts: readonly Alert[], near: readonly Found[], one: Found): Verdict {
  const { incident, alert, link } = one;
  if (isByItself(incident, alerts)) return 'not joined: groupBy keeps each alert by itself';
  const isMutedByIt = isUpstream(alert.muted) && link.kind === 'upstream' && one.summary.state === 'firing' && isExplained(one);
  const pages = alerts.filter(({ muted }) => !isUpstream(muted));
  // An alert that pages must itself be close, whatever the cause explains about its group.
  const close = pages.length === 0 ? near : near.filter((other) => pages.includes(other.alert));
  if (!isMutedByIt || pages.length > 0) {
    if (close.length === 0) return `not joined: they began ${formatDuration(roundedMinutes(gap(one)))} apart`;
    const { acknowledgedAt } = incident;
    const known = close.some(({ summary }) => acknowledgedAt === undefined || summary.since <= acknowledgedAt);
    if (incident.status === 'acknowledged' && !known)
      return `not joined: ${incident.acknowledgedBy ?? 'someone'} acknowledged before it began`;
  }
  const [lead] = pages;
  return lead === undefined ? { routedAnew: false } : routing(config, incident, lead, link);
}

/** Whether an incident, or what would join it, is of one alert alone. */
const isByItself = ({ groupKey, alerts: shown }: Incident, alerts: readonly Alert[]): boolean =>
  shown.some((alert) => isAlone(groupKey, alert)) || alerts.some((alert) => isAlone(alert.groupKey, alert));

const isExplained = ({ alert, summary }: Found): boolean => severityRank[summary.severity] >= severityRank[alert.severity];

/** Whether an alert is routed to the people the incident pages after the join. */
function routing(config: ResponseConfig, incident: Incident, lead: Alert, link: Link): Verdict {
  const firing = incident.counts.critical + incident.counts.warn > 0;
  const current = pagedAs(firing ? incident.severity : lead.severity);
  const severity: Severity = lead.severity === 'critical' ? 'critical' : current;
  const isRaised = severity === 'critical' && incident.severity !== 'critical';
  const to = routingOf(config, lead)?.[severity];
  const own = policyName(config, incident, lead.category, severity, to);
  const other = isRaised ? own : policyName(config, incident, incident.category, severity, incident.routing?.[severity]);
  if (own === other) return { routedAnew: false };
  if (link.kind === 'downstream' && isPaging(lead.severity) && severityRank[lead.severity] >= severityRank[current])
    return { routedAnew: true };
  return `they stay apart, for this one pages by the policy ${own} and that one by ${other}`;
}

/** The incident's policy snapshot wins over the current config. */
function policyName(
  config: ResponseConfig,
  { policies }: Incident,
  category: Category,
  severity: Severity,
  to: RoutedTo | undefined,
): string {
  return (policies[policyKeyOf(category, severity, to)] ?? policyFor(config, category, severity, to)).name;
}

const roundedMinutes = (ms: number): number => Math.max(60_000, Math.round(ms / 60_000) * 60_000);

/** Active alerts: paging ones first, then by severity. */
export function worstFirst(alerts: readonly Alert[]): Alert[] {
  return alerts
    .filter(isActive)
    .toSorted(
      (a, b) =>
        Number(calls(b)) - Number(calls(a)) ||
        Number(b.muted === undefined) - Number(a.muted === undefined) ||
        severityRank[b.severity] - severityRank[a.severity] ||
        a.since - b.since ||
        (a.fingerprint < b.fingerprint ? -1 : 1),
    );
}
