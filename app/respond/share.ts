import { auditEntry } from '../../core/access/audit-log.ts';
import { denyRole, least, type Person } from '../../core/access/permission.ts';
import { longestLinkMs } from '../../core/access/sign-in/incident-link.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import type { Ports } from '../ports/ports.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';
import { addAuditEntry } from './with-audit-entry.ts';

export type Shared = { ok: true; message: string; until: number };

/**
 * Lets whoever has a link look at an incident for a while. The audit log says who let them, before
 * there is a link; without it there is none.
 */
export async function share(
  ports: Pick<Ports, 'store' | 'log' | 'observeAudit'>,
  { incidentId, durationMs, ...person }: { incidentId: IncidentId; durationMs: number } & Person,
  now: number,
): Promise<Shared | Refused> {
  if (durationMs > longestLinkMs)
    return refused(
      'invalid',
      `expected a link for at most ${formatDuration(longestLinkMs)}; received ${formatDuration(durationMs)}`,
    );
  if ((await ports.store.incident(incidentId)) === undefined)
    return refused('not found', `there is no incident ${incidentId}; list them with: tocsin incidents`);
  const denied = denyRole(person, least.link, 'make a link to an incident');
  if (denied !== undefined) return noteRefused(ports, 'link', person, denied, now, { incident: incidentId });
  const until = now + durationMs;
  const text = `whoever has a link may look at ${incidentId} until ${formatUtc(until)}`;
  const data = { incident: incidentId, until };
  await addAuditEntry(ports, auditEntry({ at: now, kind: 'link', text, actor: person.actor, data }, `${incidentId} ${until}`));
  return { ok: true, message: text, until };
}
