import type { Incident } from '../../core/response/incidents/incident.ts';
import { filtersIncidents, type IncidentFilter, passesIncidentFilter } from '../../core/response/incidents/incident-filter.ts';
import type { IncidentPlace } from '../../core/response/incidents/incident-place.ts';
import type { TeamScope } from '../../core/selfcheck/scope/team-scope.ts';
import type { Ports } from '../ports/ports.ts';

const readAtOnce = 200;
/** A request looks through as many; `next` goes on from there. */
const mostRead = 2000;

export type IncidentPageAsk = {
  status: 'open' | 'resolved' | 'all';
  tenants?: boolean;
  filter: IncidentFilter;
  /** Only those of this team. */
  scope?: TeamScope | undefined;
  limit: number;
  before?: IncidentPlace | undefined;
};

/** Incidents, newest first; `next`: where to go on, while there may be more. */
export type IncidentPage = { incidents: Incident[]; next?: IncidentPlace };

/** The newest incidents that pass a filter, of those older than a place. */
export async function incidentPage(
  { store }: Pick<Ports, 'store'>,
  { status, tenants = false, filter, scope, limit, before }: IncidentPageAsk,
): Promise<IncidentPage> {
  // One more tells whether there are others; without a filter no more is read than is shown.
  const most = scope !== undefined || filtersIncidents(filter) ? readAtOnce : limit + 1;
  let place = before;
  const found: Incident[] = [];
  for (let looked = 0; looked < mostRead; ) {
    const read = await store.incidents({ status, tenants, limit: most, before: place });
    looked += read.length;
    found.push(...read.filter((one) => passesIncidentFilter(one, filter) && scope?.incident(one) !== false));
    if (found.length > limit) return pageOf(found.slice(0, limit));
    const last = read.at(-1);
    // A short page is no end: incidents that could not be read are left out.
    if (last === undefined) return { incidents: found };
    place = last;
  }
  return { incidents: found, ...(place === undefined ? {} : { next: place }) };
}

function pageOf(incidents: Incident[]): IncidentPage {
  const next = incidents.at(-1);
  return { incidents, ...(next === undefined ? {} : { next }) };
}
