import { type AuditEntry, keepAuditMs } from '../../core/access/audit-log.ts';
import { storedAuditEntry } from '../../core/access/stored-audit-entry.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { docOf, type Item, keys, ttlOf } from './items.ts';

/** An entry of the audit log; it expires once it is no longer kept. */
export const auditItem = (entry: AuditEntry): Item => ({
  ...keys.auditEntry(entry.at, entry.id),
  [tableKeys.type]: storedAuditEntry.kind,
  at: entry.at,
  id: entry.id,
  [tableKeys.ttl]: ttlOf(entry.at + keepAuditMs),
  doc: docOf(storedAuditEntry.encode(entry), 'an entry of the audit log'),
});
