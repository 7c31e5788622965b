import { passesIncidentFilter, severityShown } from '../../core/response/incidents/incident-filter.ts';
import type { IncidentPlace } from '../../core/response/incidents/incident-place.ts';
import { type OfOthers, otherIncidents } from '../../core/selfcheck/scope/of-others.ts';
import { type AlertSeverity, alertSeverities } from '../../core/vocabulary/schema-parts.ts';
import { latestOf } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
import { type IncidentInShort, inShort } from './incident-in-short.ts';
import { type IncidentPageAsk, incidentPage } from './incident-pages.ts';
import { mostRead } from './open-incidents.ts';

/** How many pass a filter, of the newest `mostRead`; `isCut` if there may be more. */
export type IncidentTally = {
  total: number;
  isCut: boolean;
  /** Of those that the rest of the filter lets pass, whatever their severity. */
  counts: Record<AlertSeverity, number>;
};

/** `found` and `ofOthers` are of the first page only. */
export type IncidentList = {
  incidents: IncidentInShort[];
  next?: IncidentPlace;
  found?: IncidentTally;
  /** What the scope leaves out of what else passes. */
  ofOthers?: OfOthers;
};

/** Incidents in short, the newest first. */
export async function incidentList(
  ports: Pick<Ports, 'store' | 'config'>,
  ask: IncidentPageAsk,
  now: number,
): Promise<IncidentList> {
  const [{ incidents, next }, config, tally] = await Promise.all([
    incidentPage(ports, ask),
    effectiveConfig(ports, now),
    ask.before === undefined ? tallyOf(ports, ask) : {},
  ]);
  const current = await latestOf(ports, incidents, { withRelated: false });
  return { incidents: current.map((incident) => inShort(incident, config)), ...(next !== undefined && { next }), ...tally };
}

async function tallyOf(
  { store }: Pick<Ports, 'store'>,
  { status, tenants = false, filter, scope }: IncidentPageAsk,
): Promise<Pick<IncidentList, 'found' | 'ofOthers'>> {
  const read = await store.incidents({ status, tenants, limit: mostRead + 1 });
  const all = read.slice(0, mostRead);
  const { severities = alertSeverities, ...others } = filter;
  const passing = all.filter((one) => passesIncidentFilter(one, others));
  const own = scope === undefined ? passing : passing.filter(scope.incident);
  const counts = { info: 0, warn: 0, critical: 0 };
  for (const one of own) counts[severityShown(one)] += 1;
  const total = [...new Set(severities)].reduce((sum, one) => sum + counts[one], 0);
  return {
    found: { total, isCut: read.length > mostRead, counts },
    ...(scope !== undefined && {
      ofOthers: { team: scope.team, incidents: otherIncidents(passing.filter((one) => !scope.incident(one))) },
    }),
  };
}
