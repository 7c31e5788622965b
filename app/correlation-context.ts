import { type Alert, isActive } from '../core/alerting/alerts/alert.ts';
import { type Graph, graphOf, type Observed, type Place } from '../core/alerting/correlation/graph.ts';
import { correlationKeys } from '../core/alerting/correlation/keys.ts';
import { apartKey, sharedLabels } from '../core/alerting/correlation/link.ts';
import type { Config } from '../core/config/schema.ts';
import type { Incident } from '../core/response/incidents/incident.ts';
import { type AlertChange, openingOf } from '../core/response/incidents/opening.ts';
import type { GroupKey, IncidentId } from '../core/vocabulary/ids.ts';
import type { Ports } from './ports/ports.ts';

/** Incidents read per group of alerts. Any beyond this limit are assumed unrelated. */
const maxIncidents = 8;
/** Alerts searched for them. */
const maxLookedAt = 2000;

/**
 * The dependency graph now: declared dependencies, plus observed ones if there is a lineage. Only
 * firing alerts have causes, so nothing is observed while all is healthy.
 */
export async function graphNow(ports: Ports, alerts: Iterable<Alert>, now: number): Promise<Graph> {
  return graphOf(ports.config, [...alerts].some(isActive) ? await observedNow(ports, now) : []);
}

/** What is observed now: dependencies, and changes. */
export async function observedNow({ config, lineage, log }: Ports, now: number): Promise<readonly Observed[]> {
  if (!config.settings.correlation.enabled || lineage === undefined) return [];
  try {
    return await lineage.observed(now);
  } catch (error) {
    // Declared dependencies are still known, and no page waits for observation.
    log('warn', 'dependencies could not be observed', { error: String(error) });
    return [];
  }
}

/** Whether alerts of one rule may mute those of another. */
export function areCoupled({ inhibitions, dependencies, settings }: Config): boolean {
  return inhibitions.length > 0 || (settings.correlation.enabled && Object.keys(dependencies).length > 0);
}

/**
 * The active alerts of a tick, indexed by what may relate them. Updated as groups are committed.
 */
export type CorrelationContext = {
  graph: Graph;
  /** Updates an alert. */
  note(alert: Alert): void;
  /** Other incidents with an active alert that may be related to one of these. */
  incidentsAround(alerts: readonly Alert[], own: IncidentId | undefined): IncidentId[];
};

export function correlationContext(graph: Graph, alerts: readonly Alert[]): CorrelationContext {
  const byThing = new Map<string, Map<string, Alert>>();
  const keysOf = new Map<string, string[]>();
  const add = (alert: Alert): void => {
    const keys = thingsOf(graph, alert);
    keysOf.set(alert.fingerprint, keys);
    for (const key of keys) {
      const known = byThing.get(key) ?? new Map<string, Alert>();
      known.set(alert.fingerprint, alert);
      byThing.set(key, known);
    }
  };
  const note = (alert: Alert): void => {
    for (const key of keysOf.get(alert.fingerprint) ?? []) byThing.get(key)?.delete(alert.fingerprint);
    keysOf.delete(alert.fingerprint);
    if (isActive(alert) && alert.joined !== undefined && alert.joined.state !== 'resolved') add(alert);
  };
  // Built on first use: only changes ask for it, and most ticks have none.
  let unread: Alert[] | undefined = graph.settings.enabled ? [...alerts] : [];
  return {
    graph,
    note(alert) {
      if (unread === undefined) note(alert);
      else unread.push(alert);
    },
    incidentsAround(asked, own) {
      for (const alert of unread ?? []) note(alert);
      unread = undefined;
      const found = new Set<IncidentId>();
      if (byThing.size === 0) return [];
      let looked = 0;
      for (const alert of asked) {
        for (const key of thingsAround(graph, alert)) {
          for (const { joined } of byThing.get(key)?.values() ?? []) {
            looked += 1;
            if (joined !== undefined && joined.incidentId !== own) found.add(joined.incidentId);
            if (found.size >= maxIncidents || looked >= maxLookedAt) return [...found];
          }
        }
      }
      return [...found];
    },
  };
}

/** A feature is indexed as itself, and under its model. */
const thingsOf = (graph: Graph, alert: Alert): string[] =>
  keysBy(graph, alert, ({ node, feeds }) => [node.name, ...(feeds === undefined ? [] : [feeds.name])]);

const thingsAround = (graph: Graph, alert: Alert): string[] => keysBy(graph, alert, (place) => [...graph.relatives(place)]);

function keysBy(graph: Graph, alert: Alert, namesAt: (place: Place) => string[]): string[] {
  if (alert.aboutRule) return [];
  const place = graph.placeOf(alert);
  const apart = apartKey(graph, alert.labels);
  const names = place === undefined ? [] : namesAt(place);
  return [
    ...names.map((name) => `node ${apart} ${name}`),
    ...sharedLabels(graph, alert.labels).map((label) => `label ${apart} ${JSON.stringify(label)}`),
  ];
}

/** A key an incident can claim, and the incident found under it now. */
export type Claim = { key: GroupKey; incidentId: IncidentId | undefined };

/**
 * What a decision about one group's changes must know about other incidents. The list of candidates
 * may lag; the incidents themselves are read by key, and concurrently opened ones are found by
 * their claims.
 */
export async function readRelated(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  { graph, incidentsAround }: CorrelationContext,
  latest: Incident | undefined,
  changes: readonly AlertChange[],
  now: number,
): Promise<{ incidents: Incident[]; claims: Claim[] }> {
  const active = changes.filter(({ after, change }) => isActive(after) && change !== 'refreshed').map(({ after }) => after);
  if (!graph.settings.enabled || active.length === 0) return { incidents: [], claims: [] };
  const own = latest?.status === 'resolved' ? undefined : latest?.id;
  const ids = new Set(incidentsAround(active, own));
  const keys = openingOf(latest, changes, config, now) === 'new' ? correlationKeys(graph, active) : [];
  const found = new Map<IncidentId, Incident>();
  const claims = await Promise.all(
    keys.map(async (key): Promise<Claim> => {
      const incident = await store.incidentOfGroup(key);
      if (incident !== undefined) found.set(incident.id, incident);
      return { key, incidentId: incident?.id };
    }),
  );
  const others = await Promise.all([...ids].filter((id) => !found.has(id)).map((id) => store.incident(id)));
  for (const incident of others) if (incident !== undefined) found.set(incident.id, incident);
  return { incidents: [...found.values()].filter(({ status }) => status !== 'resolved'), claims };
}
