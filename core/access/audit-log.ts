import type { TimelineEntry, TimelineKind } from '../response/incidents/timeline.ts';

/** What belongs to no incident is on a timeline of its own, which no incident has the id of. */
export const trailId = 'trail';

/** When somebody did something, and who. */
export type OnTrail = { at: number; actor: string };

/**
 * An entry of the trail. Entries of one millisecond need different versions: `salt` tells them apart, and their order is
 * that of their times.
 */
export function trailEntry(
  { at, kind, text, actor, data }: OnTrail & { kind: TimelineKind; text: string; data: Record<string, unknown> },
  salt: number,
): TimelineEntry {
  return { incidentId: trailId, version: at * 1000 + (salt % 1000), n: 0, at, kind, severity: 'warn', text, actor, data };
}
