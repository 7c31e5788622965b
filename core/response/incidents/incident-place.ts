import { asIncidentId } from '../../vocabulary/ids.ts';
import type { Incident } from './incident.ts';

/**
 * The place of an incident in a list, which is newest first. It never changes, whatever arrives.
 */
export type IncidentPlace = Pick<Incident, 'openedAt' | 'id'>;

/** A place as a text for the next request, as `incidentPlaceOf` reads it. */
export const incidentCursor = ({ openedAt, id }: IncidentPlace): string => `${openedAt}-${id}`;

/** Undefined for a text that is no cursor. */
export function incidentPlaceOf(text: string): IncidentPlace | undefined {
  const [, openedAt, id] = /^(-?\d{1,15})-(\S{1,200})$/.exec(text) ?? [];
  return openedAt === undefined || id === undefined ? undefined : { openedAt: Number(openedAt), id: asIncidentId(id) };
}

/** Whether an incident comes after a place in a list, newest first. */
export const isOlder = (incident: IncidentPlace, place: IncidentPlace): boolean =>
  incident.openedAt < place.openedAt || (incident.openedAt === place.openedAt && incident.id < place.id);
