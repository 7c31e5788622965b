import { auditEntry } from '../../core/access/audit-log.ts';
import type { Person } from '../../core/access/permission.ts';
import type { Ports } from '../ports/ports.ts';
import { type Refused, refused } from './refused.ts';
import { addAuditEntry } from './with-audit-entry.ts';

/**
 * Refuses what a person's role does not allow, and records it in the log and the audit log. The
 * person is refused also if nothing can be recorded.
 */
export async function noteRefused(
  ports: Pick<Ports, 'store' | 'log' | 'observeAudit'>,
  action: string,
  { actor, role }: Person,
  denied: string,
  now: number,
  about: { incident?: string } = {},
): Promise<Refused> {
  const { log } = ports;
  log('warn', 'an action was refused', { ...about, action, actor, role });
  try {
    const data = { ...about, action, role };
    const change = JSON.stringify([data, denied]);
    await addAuditEntry(ports, auditEntry({ at: now, kind: 'refused', text: `${action}: ${denied}`, actor, data }, change));
  } catch (error) {
    log('warn', 'a refused action could not be written to the audit log', { action, actor, error: String(error) });
  }
  return refused('not allowed', denied);
}
