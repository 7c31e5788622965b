import type { Matchers } from '../config/schema.ts';
import type { TimelineEntry } from '../incidents/timeline.ts';
import type { Silence } from './silence.ts';

/** What belongs to no incident is on a timeline of its own, which no incident has the id of. */
export const trailId = 'trail';

/** `model=flights, region=eu|us` */
export function matchText(match: Matchers): string {
  const parts = Object.entries(match).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('|') : value}`);
  return parts.join(', ');
}

/**
 * What the trail says of a silence. Entries of one millisecond need different versions: `salt` tells them apart, and their
 * order is that of their times.
 */
export function silenceEntry({ id, match, from, until, by, comment }: Silence, salt: number): TimelineEntry {
  return {
    incidentId: trailId,
    version: from * 1000 + (salt % 1000),
    n: 0,
    at: from,
    kind: 'silenced',
    severity: 'warn',
    text: `no pages for ${matchText(match)} until ${new Date(until).toISOString()}: ${comment}`,
    actor: by,
    data: { silence: id },
  };
}
