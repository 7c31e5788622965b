import type { AlertPayload } from '../alerts/alert-payload.ts';
import { endedAt } from './ended-at.ts';
import { meaningIn } from './word-of-table.ts';

/** What the state of a run says: its pipeline is broken, is well, or nothing yet. */
export type RunMeaning = 'failed' | 'succeeded' | 'neither';

/**
 * A run that has said something, as an alert about its pipeline: the next one that succeeds ends
 * it.
 */
export function alertOfRun(
  meaning: Exclude<RunMeaning, 'neither'>,
  about: Pick<AlertPayload, 'labels' | 'annotations' | 'generatorURL' | 'identity'> & {
    at: number | undefined;
    endsAfter: number;
  },
  now: number,
): AlertPayload {
  const { at, ...alert } = about;
  // Of two runs the one that ended last counts, whichever is heard of last.
  const judgedAt = at === undefined ? undefined : endedAt(at, now);
  return meaning === 'failed'
    ? { ...alert, judgedAt, startsAt: at, endsAt: undefined }
    : { ...alert, judgedAt, startsAt: undefined, endsAt: judgedAt ?? now };
}

/** The meaning of a state; a text with those that are known for another one. */
export const meaningOf = (states: Readonly<Record<string, RunMeaning>>, field: string, sent: unknown) =>
  meaningIn(states, field, typeof sent === 'string' ? sent.trim().toUpperCase() : undefined, sent);
