import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { type StoredNote, storedNote } from '../../vocabulary/stored-record.ts';
import { registryPrefix } from './registry-state.ts';

/** A run that failed or succeeded, as its server answered it. */
export type AskedRun = { id: string; endedAt: number; document: unknown };

/** The runs of the last answer, by their ids. Absent before the first one. */
export type RunsNote = { at: number; taken: string[] };

/** The most runs of one server that are looked at. Their ids fit into one note. */
export const mostRuns = 500;
const idChars = 100;

export const runsNote = (registry: string): StoredNote<RunsNote> =>
  storedNote<RunsNote>()(`${registryPrefix}runs ${registry}`, 1, z.object({ at: whole, taken: z.array(text) }));

/**
 * What an answer has that the last one had not, in the order in which the runs ended, and what is
 * remembered. The first answer is no news.
 */
export function newRuns(
  before: RunsNote | undefined,
  runs: readonly AskedRun[],
  { now, lookback }: { now: number; lookback: number },
): { fresh: AskedRun[]; after: RunsNote } {
  const recent = runs.slice(0, mostRuns).filter(({ endedAt }) => endedAt >= now - lookback);
  const taken = new Set(before?.taken);
  const fresh = before === undefined ? [] : recent.filter(({ id }) => !taken.has(shortId(id)));
  return {
    fresh: fresh.toSorted((a, b) => a.endedAt - b.endedAt),
    after: { at: now, taken: recent.map(({ id }) => shortId(id)) },
  };
}

const shortId = (id: string): string => id.slice(0, idChars).toWellFormed();
