import type { Fingerprint } from '../../vocabulary/ids.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import { type Alert, isActive } from '../alerts/alert.ts';
import type { MuteReason } from '../alerts/mute-reason.ts';
import type { NodeKind } from './dependency-schema.ts';
import type { Graph, GraphNode, Place, Placeable } from './graph.ts';
import { apartKey, wayText } from './link.ts';

/** What a bad input explains. A service that fails its callers is a separate problem. */
const explained: readonly NodeKind[] = ['data', 'feature', 'model'];

type Cause = Placeable & { since: number; fingerprint: Fingerprint };

/**
 * Whether a cause explains an alert: it is upstream and at least as severe, so that the worse of
 * two is reported.
 */
function explains(graph: Graph, cause: Cause, at: Place, alert: Placeable, place: Place): string | undefined {
  if (!at.node.mutes || !explained.includes(place.node.kind)) return undefined;
  if (severityRank[cause.severity] < severityRank[alert.severity]) return undefined;
  const way = graph.wayUp(place, at);
  return way === undefined ? undefined : `${cause.ruleId} fires, and ${wayText(way)}`;
}

/** Worst first, then oldest, so that a stated reason lasts as long as its cause. */
const byWeight = (a: Cause, b: Cause): number =>
  severityRank[b.severity] - severityRank[a.severity] || a.since - b.since || (a.fingerprint < b.fingerprint ? -1 : 1);

/**
 * Returns the upstream cause that mutes an alert, or undefined. `isWithheld` says whether an alert
 * is muted already: a cause that pages nobody must mute nothing, or nobody would be paged.
 */
export function upstreamMuting(
  graph: Graph,
  firing: readonly Alert[],
  isWithheld: (alert: Alert) => boolean,
): (alert: Alert) => MuteReason | undefined {
  if (!graph.settings.enabled || !canMute(graph)) return () => undefined;
  const causes = new Map<string, Map<string, { at: Place; alerts: Alert[] }>>();
  for (const alert of firing) {
    const at = isActive(alert) ? graph.placeOf(alert) : undefined;
    if (at === undefined || !at.node.mutes || isWithheld(alert)) continue;
    const key = apartKey(graph, alert.labels);
    const nodes = causes.get(key) ?? new Map<string, { at: Place; alerts: Alert[] }>();
    causes.set(key, nodes);
    const known = nodes.get(at.node.name);
    if (known === undefined) nodes.set(at.node.name, { at, alerts: [alert] });
    else known.alerts.push(alert);
  }
  for (const nodes of causes.values()) for (const { alerts } of nodes.values()) alerts.sort(byWeight);
  return (alert) => {
    const nodes = causes.get(apartKey(graph, alert.labels));
    const place = nodes === undefined ? undefined : graph.placeOf(alert);
    if (nodes === undefined || place === undefined) return undefined;
    let best: { cause: Alert; text: string } | undefined;
    for (const { at, alerts } of nodes.values()) {
      const [cause] = alerts;
      const text = cause === undefined ? undefined : explains(graph, cause, at, alert, place);
      if (cause !== undefined && text !== undefined && (best === undefined || byWeight(cause, best.cause) < 0))
        best = { cause, text };
    }
    return best === undefined ? undefined : { by: 'upstream', text: `upstream: ${best.text}` };
  };
}

/** The firing upstream alert that explains this one, in words, whether or not it pages anybody. */
export function causeUpstream(
  graph: Graph,
  alert: Placeable,
  others: readonly (Cause & { state: string })[],
): string | undefined {
  const place = graph.settings.enabled && canMute(graph) ? graph.placeOf(alert) : undefined;
  if (place === undefined) return undefined;
  const key = apartKey(graph, alert.labels);
  for (const cause of others.toSorted(byWeight)) {
    if (cause.state === 'resolved' || apartKey(graph, cause.labels) !== key) continue;
    const at = graph.placeOf(cause);
    const text = at === undefined ? undefined : explains(graph, cause, at, alert, place);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Dependencies whose alerts mute an alert at this place that is no more severe. */
export function withholders(graph: Graph, place: Place): GraphNode[] {
  if (!graph.settings.enabled || !explained.includes(place.node.kind)) return [];
  return [...graph.nodes.values().filter((node) => node.mutes && graph.wayUp(place, { node }) !== undefined)];
}

/** The alerts that fire in an incident and may mute others. An alert muted there mutes nothing. */
export const mayWithhold = (graph: Graph, alerts: readonly Alert[]): Alert[] =>
  graph.settings.enabled && canMute(graph)
    ? alerts.filter((alert) => isActive(alert) && alert.joined?.state === 'firing' && graph.placeOf(alert)?.node.mutes === true)
    : [];

const canMute = ({ nodes }: Graph): boolean => nodes.values().some(({ mutes }: GraphNode) => mutes);
