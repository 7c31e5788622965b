import type { Person } from '../../core/access/permission.ts';
import { mostNoteChars, noteFault, onNote } from '../../core/response/incidents/note.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { commitOf, commitOrRetry } from '../commit.ts';
import type { Ports } from '../ports/ports.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';

export type NoteResult = { ok: true; message: string } | Refused;

/** Adds what a person says to the timeline of an incident. */
export async function noteOnIncident(
  ports: Ports,
  { incidentId, text, ...person }: { incidentId: IncidentId; text: string } & Person,
  now: number,
): Promise<NoteResult> {
  const said = oneLine(text).trim();
  if (said === '' || said.length > mostNoteChars)
    return refused('invalid', `expected a note of 1 to ${mostNoteChars} characters; received ${said.length}`);
  let refusal: Refused | undefined;
  const done = await commitOrRetry(ports, async () => {
    refusal = undefined;
    const incident = await ports.store.incident(incidentId);
    if (incident === undefined) {
      refusal = refused('not found', `there is no incident ${incidentId}; list them with: tocsin incidents`);
      return undefined;
    }
    const denied = noteFault(person);
    if (denied !== undefined) {
      refusal = await noteRefused(ports, 'note', person, denied, now, { incident: incidentId });
      return undefined;
    }
    const decision = onNote(incident, said, person.actor, ports.config, now);
    return { commit: await commitOf(ports, decision), result: `${incidentId}: noted by ${person.actor}` };
  });
  return refusal ?? { ok: true, message: done ?? '' };
}
