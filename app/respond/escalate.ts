import { onTime } from '../../core/response/incidents/on-time.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { decideIncident } from '../commit.ts';
import type { Ports } from '../ports/ports.ts';
import { causesNow } from './causes-now.ts';
import { effectiveConfig } from './effective-config.ts';

/**
 * Looks at an incident because its time has come. A wake that is late, early or of an older generation decides
 * nothing. One step a commit, so each deadline that has passed is met in its turn.
 */
export async function wakeIncident(
  ports: Ports,
  incidentId: IncidentId,
  generation: number | undefined,
  now: number,
): Promise<void> {
  let wanted = generation;
  // Each step counts its next deadline from now, so this ends; the bound is only against a fault.
  for (let steps = 0; steps < 10; steps++) {
    const decided = await decideIncident(ports, incidentId, async (incident) => {
      const asks = (incident.deadlines.reconsider ?? Number.POSITIVE_INFINITY) <= now;
      return onTime(incident, await effectiveConfig(ports, now), now, wanted, asks ? await causesNow(ports) : undefined);
    });
    if (decided === undefined) return;
    wanted = undefined;
  }
}

/** Finds what a lost wake would have missed: every incident whose next step is due. Returns how many there were. */
export async function sweepIncidents(ports: Ports, now: number): Promise<number> {
  const due = await ports.store.dueIncidents(now, 1000);
  for (const id of due) {
    try {
      await wakeIncident(ports, id, undefined, now);
    } catch (error) {
      // One incident that cannot be decided must not keep the others from their turn.
      ports.log('error', 'incident could not be woken', { incident: id, error: String(error) });
    }
  }
  return due.length;
}
