import type { Incident } from '../incidents/incident.ts';

/** A first page takes seconds. A rate-limited contact may ask for some minutes. */
const untoldAfterMs = 300_000;

/** How many incidents call for somebody without having reached anybody, and since when. */
export function untoldOf(open: readonly Incident[], now: number): { incidents: number; since: number } | undefined {
  const untold = open.filter((incident) => isUntold(incident, now));
  if (untold.length === 0) return undefined;
  return { incidents: untold.length, since: Math.min(...untold.map(beganAt)) };
}

const beganAt = ({ reopenedAt, openedAt }: Incident): number => reopenedAt ?? openedAt;

function isUntold({ status, paged, tenant, escalation, joinedPagedAt, counts, flapping }: Incident, now: number): boolean {
  if (status !== 'triggered' || paged || tenant !== undefined) return false;
  if (counts.critical + counts.warn === 0 && flapping === undefined) return false;
  return escalation.fruitless > 0 || now - joinedPagedAt > untoldAfterMs;
}
