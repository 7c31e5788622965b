import { type AuditEntry, keepAuditMs } from '../../core/access/audit-log.ts';
import { storedAuditEntry } from '../../core/access/stored-audit-entry.ts';
import type { Sql } from './sql.ts';

/** false: an entry is there already. */
export function insertAudit(sql: Sql, entries: readonly AuditEntry[]): boolean {
  const text = 'INSERT OR IGNORE INTO audit_log (at, id, doc) VALUES (?, ?, ?)';
  return entries.every((entry) => sql.run(text, entry.at, entry.id, storedAuditEntry.encode(entry)) === 1);
}

/** Entries are kept for a time. Returns how many were dropped. */
export const pruneAudit = (sql: Sql, now: number): number => sql.run('DELETE FROM audit_log WHERE at < ?', now - keepAuditMs);
