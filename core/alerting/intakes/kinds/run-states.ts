import { shown } from '../../../vocabulary/shown.ts';
import type { AlertPayload } from '../../alerts/alert-payload.ts';
import { jsonOf } from '../events/alert-event.ts';

/** What the state of a run says: its pipeline is broken, is well, or nothing yet. */
export type RunMeaning = 'failed' | 'succeeded' | 'neither';

/** A run that has said something, as an alert about its pipeline: the next one that succeeds ends it. */
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
  const judgedAt = at === undefined ? undefined : Math.min(at, now);
  return meaning === 'failed'
    ? { ...alert, judgedAt, startsAt: at, endsAt: undefined }
    : { ...alert, judgedAt, startsAt: undefined, endsAt: judgedAt ?? now };
}

/** The meaning of a state; a text with those that are known for another one. */
export function meaningOf(
  states: Readonly<Record<string, RunMeaning>>,
  field: string,
  sent: unknown,
): { meaning: RunMeaning } | { fault: string } {
  const state = typeof sent === 'string' ? sent.trim().toUpperCase() : '';
  const meaning = Object.hasOwn(states, state) ? states[state] : undefined;
  if (meaning !== undefined) return { meaning };
  const received = sent === undefined ? 'nothing' : shown(jsonOf(sent));
  return { fault: `${field}: expected one of ${Object.keys(states).join(', ')}; received ${received}` };
}
