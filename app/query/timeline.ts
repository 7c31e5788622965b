import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { groupOfKind, type TimelineGroup } from '../../core/response/incidents/timeline-groups.ts';
import type { TimelinePlace } from '../../core/response/incidents/timeline-place.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import type { Ports } from '../ports/ports.ts';

const readAtOnce = 500;
/** A request looks through as many; `next` goes on from there. */
const mostRead = 5000;

export type TimelineAsk = {
  /** Absent: all. */
  groups?: readonly TimelineGroup[] | undefined;
  limit: number;
  before?: TimelinePlace | undefined;
};

/** Entries, newest first; `next`: where to go on, while there may be more. */
export type TimelinePage = { entries: TimelineEntry[]; next?: TimelinePlace };

/** The newest entries of an incident, of those before a place. */
export async function timelinePage(
  { store }: Pick<Ports, 'store'>,
  id: IncidentId,
  { groups, limit, before }: TimelineAsk,
): Promise<TimelinePage> {
  const most = groups === undefined ? limit + 1 : readAtOnce;
  let place = before;
  const found: TimelineEntry[] = [];
  for (let looked = 0; looked < mostRead; ) {
    const read = await store.latestEntries(id, { limit: most, before: place });
    looked += read.length;
    found.push(...read.filter(({ kind }) => groups === undefined || groups.includes(groupOfKind[kind])));
    if (found.length > limit) return pageOf(found.slice(0, limit));
    const last = read.at(-1);
    // A short page is no end: entries that could not be read are left out.
    if (last === undefined) return { entries: found };
    place = last;
  }
  return { entries: found, ...(place === undefined ? {} : { next: place }) };
}

function pageOf(entries: TimelineEntry[]): TimelinePage {
  const next = entries.at(-1);
  return { entries, ...(next === undefined ? {} : { next }) };
}
