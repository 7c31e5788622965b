import type { Incident } from '../../core/response/incidents/incident.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Incidents that are read and counted at once, the newest first. Twice the largest storm that
 * Tocsin is tried with.
 */
export const mostRead = 10_000;

/**
 * All that are open; `isCut` if there are more than are read, so that no count of them is taken for
 * exact.
 */
export async function readOpen({ store }: Pick<Ports, 'store'>): Promise<{ open: Incident[]; isCut?: true }> {
  const open = await store.incidents({ status: 'open', limit: mostRead + 1 });
  return { open: open.slice(0, mostRead), ...(open.length > mostRead && { isCut: true as const }) };
}
