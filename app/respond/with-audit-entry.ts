import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { Write } from '../ports/commit.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Commits a record with its entry in the audit log. false: the record changed since it was read, or
 * exists already.
 */
export async function commitWithAuditEntry(
  ports: Pick<Ports, 'store' | 'observeAudit'>,
  write: Write,
  entry: AuditEntry,
): Promise<boolean> {
  return commitAudited(ports, [write], [entry]);
}

/** Adds an entry about something that changes no record. false: it is there already. */
export const addAuditEntry = (ports: Pick<Ports, 'store' | 'observeAudit'>, entry: AuditEntry): Promise<boolean> =>
  commitAudited(ports, [], [entry]);

/**
 * Commits several records together with what the audit log says of them. false: one of them changed
 * since it was read.
 */
export async function commitAudited(
  { store, observeAudit }: Pick<Ports, 'store' | 'observeAudit'>,
  writes: Write[],
  audit: AuditEntry[],
): Promise<boolean> {
  if ((await store.commit({ writes, timeline: [], audit, effects: [], done: [] })) === 'conflict') return false;
  observeAudit?.(audit);
  return true;
}
