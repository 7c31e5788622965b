import type { EntryHead } from './entry.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What a process remembers of the last entry that it kept of a series. */
export type LastKept = EntryHead & {
  /** When the series got this status. */
  since: number;
};

/**
 * Whether an entry is kept. A changed status always is, and a point that is judged again with
 * another value. What goes on is kept now and then: each point in the first hour of what is not
 * well, then every `quietEvery`, as what is well is from the beginning.
 */
export function isKept(last: LastKept | undefined, entry: EntryHead, quietEvery: number): boolean {
  if (last === undefined || last.status !== entry.status) return true;
  if (entry.at === last.at) return entry.value !== last.value;
  const isNews = entry.status !== 'ok' && entry.judgedAt - last.since < hour;
  return isNews || entry.judgedAt < last.judgedAt || entry.judgedAt - last.judgedAt >= quietEvery;
}

export const keptAs = (last: LastKept | undefined, { at, judgedAt, status, value }: EntryHead): LastKept => ({
  at,
  judgedAt,
  status,
  ...(value === undefined ? {} : { value }),
  since: last?.status === status ? last.since : judgedAt,
});
