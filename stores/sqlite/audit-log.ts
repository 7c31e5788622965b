import { type AuditEntry, type AuditPlace, keepAuditMs } from '../../core/access/audit-log.ts';
import { storedAuditEntry } from '../../core/access/stored-audit-entry.ts';
import { asAuditEntryId } from '../../core/vocabulary/ids.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

const latest: AuditPlace = { at: Number.MAX_SAFE_INTEGER, id: asAuditEntryId('') };

/** false: an entry is there already. */
export function insertAudit(sql: Sql, entries: readonly AuditEntry[]): boolean {
  const text = 'INSERT OR IGNORE INTO audit_log (at, id, doc) VALUES (?, ?, ?)';
  return entries.every((entry) => sql.run(text, entry.at, entry.id, storedAuditEntry.encode(entry)) === 1);
}

/** Entries are kept for a time. Returns how many were dropped. */
export const pruneAudit = (sql: Sql, now: number): number => sql.run('DELETE FROM audit_log WHERE at < ?', now - keepAuditMs);

/** The newest entries, or those before a place; oldest first. */
export function auditLogOf(sql: Sql, quarantine: Quarantine, limit: number, before: AuditPlace = latest): AuditEntry[] {
  const text = 'SELECT at, id, doc FROM audit_log WHERE (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?';
  const rows = sql.all<{ at: number; id: string; doc: string }>(text, before.at, before.id, limit).reverse();
  return rows.flatMap(({ at, id, doc }) => {
    const decoded = decodeAs(storedAuditEntry, doc, { at, id });
    if (decoded.ok) return decoded.value;
    quarantine.note({ kind: 'audit entry', id, reason: decoded.reason, key: [at, id] });
    return [];
  });
}
