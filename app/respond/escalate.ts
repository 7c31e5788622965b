import { onTime } from '../../core/response/incidents/on-time.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { decideIncident } from '../commit.ts';
import { latestOf } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { causesNow } from './causes-now.ts';
import { effectiveConfig } from './effective-config.ts';

/**
 * Handles an incident that is due. A wake that is late, early or outdated decides nothing. One step
 * per commit, so passed deadlines are handled in order.
 */
export async function wakeIncident(
  ports: Ports,
  incidentId: IncidentId,
  generation: number | undefined,
  now: number,
): Promise<void> {
  let wanted = generation;
  // Each step sets its next deadline from now, so this ends. The bound only guards against bugs.
  for (let steps = 0; steps < 10; steps++) {
    const decided = await decideIncident(ports, incidentId, async (stored) => {
      const [incident = stored] = await latestOf(ports, [stored]);
      const asks = (incident.deadlines.reconsider ?? Number.POSITIVE_INFINITY) <= now;
      return onTime(incident, await effectiveConfig(ports, now), now, wanted, asks ? await causesNow(ports) : undefined);
    });
    if (decided === undefined) return;
    wanted = undefined;
  }
}

/** Handles every incident that is due, in case its wake was lost. Returns their number. */
export async function sweepIncidents(ports: Ports, now: number): Promise<number> {
  const due = await ports.store.dueIncidents(now, 1000);
  for (const id of due) {
    try {
      await wakeIncident(ports, id, undefined, now);
    } catch (error) {
      // One failing incident must not block the others.
      ports.log('error', 'incident could not be woken', { incident: id, error: String(error) });
    }
  }
  return due.length;
}
