import type { TimelineEntry } from './timeline.ts';

/** The place of an entry in its timeline. It never changes, whatever arrives. */
export type TimelinePlace = Pick<TimelineEntry, 'version' | 'n'>;

/** A place as a text for the next request, as `timelinePlaceOf` reads it. */
export const timelineCursor = ({ version, n }: TimelinePlace): string => `${version}-${n}`;

/** Undefined for a text that is no cursor. */
export function timelinePlaceOf(text: string): TimelinePlace | undefined {
  const [, version, n] = /^(\d{1,10})-(\d{1,10})$/.exec(text) ?? [];
  return version === undefined || n === undefined ? undefined : { version: Number(version), n: Number(n) };
}

/** Whether an entry was decided before a place. */
export const isEarlier = (entry: TimelinePlace, place: TimelinePlace): boolean =>
  entry.version < place.version || (entry.version === place.version && entry.n < place.n);
