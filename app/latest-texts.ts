import type { Incident } from '../core/response/incidents/incident.ts';
import { toldAgain, withLatestTexts } from '../core/response/incidents/latest-texts.ts';
import type { Ports } from './ports/ports.ts';

/** Alerts that are looked up for one list; those of later incidents are shown as they were stored. */
const maxLooked = 1000;

/**
 * Incidents with what the last post says about each alert of another system: what people are shown.
 * Only incidents with such alerts cost a read.
 */
export async function latestTexts(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  incidents: readonly Incident[],
): Promise<Incident[]> {
  const wanted = [...new Set(incidents.flatMap((incident) => toldAgain(incident, config)))].slice(0, maxLooked);
  if (wanted.length === 0) return [...incidents];
  const alerts = await store.alertsOf(wanted);
  const latest = new Map(wanted.map((fingerprint, place) => [fingerprint, alerts[place]]));
  return incidents.map((incident) => withLatestTexts(incident, (fingerprint) => latest.get(fingerprint), config));
}

/** One incident, as `latestTexts`. */
export async function incidentNow(ports: Pick<Ports, 'store' | 'config'>, id: string): Promise<Incident | undefined> {
  const incident = await ports.store.incident(id);
  return incident === undefined ? undefined : (await latestTexts(ports, [incident]))[0];
}
