import type { AuditEntry, AuditPlace } from '../../core/access/audit-log.ts';
import { storedAuditEntry } from '../../core/access/stored-audit-entry.ts';
import { asAuditEntryId } from '../../core/vocabulary/ids.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

const latest: AuditPlace = { at: Number.MAX_SAFE_INTEGER, id: asAuditEntryId('') };

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
