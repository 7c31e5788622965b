import { denyRole, least, type Person } from '../../access/permission.ts';
import type { ResponseConfig } from '../config.ts';
import { type Decision, draftOf } from './draft.ts';
import type { Incident } from './incident.ts';

/** A note is for the next reader, not a document. */
export const mostNoteChars = 1000;

/** Why a person may not note anything; undefined if they may. */
export const noteFault = (person: Person): string | undefined => denyRole(person, least.note, 'note something on incidents');

/** What somebody found out or did, on the timeline; also of an incident that is over. */
export function onNote(incident: Incident, text: string, actor: string, config: ResponseConfig, now: number): Decision {
  const draft = draftOf(incident, config, now);
  draft.note('noted', text, { actor });
  return draft.finish();
}
