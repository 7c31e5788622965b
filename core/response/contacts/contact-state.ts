import type { TimelineEntry } from '../incidents/timeline.ts';
import type { PageFailure } from '../incidents/timeline-data.ts';

/** What became of the last pages by one contact method. Times in milliseconds since the epoch. */
export type ContactState = {
  deliveredAt?: number;
  /** The last failure, and how it failed; `text` for people. */
  failure?: { at: number; kind: PageFailure; text: string };
};

/** By contact key: the last delivery and the last failure that timelines tell of. */
export function contactStates(entries: Iterable<TimelineEntry>): Map<string, ContactState> {
  const states = new Map<string, ContactState>();
  for (const { kind, at, text, data } of entries) {
    const { contact, failure } = data ?? {};
    if (contact === undefined) continue;
    const known = states.get(contact) ?? {};
    states.set(contact, known);
    if (kind === 'page delivered') known.deliveredAt = Math.max(at, known.deliveredAt ?? at);
    else if (kind === 'page failed' && failure !== undefined && at >= (known.failure?.at ?? at))
      known.failure = { at, kind: failure, text };
  }
  return states;
}
