import { type AuditEntry, auditEntry, type Done } from '../../access/audit-log.ts';
import type { Quarantined } from './quarantined.ts';

type Which = Pick<Quarantined, 'kind' | 'id'>;

export const restoredEntry = ({ kind, id }: Which, { at, actor }: Done): AuditEntry =>
  auditEntry(
    { at, kind: 'restored', text: `the ${kind} ${id} is back from quarantine, as it was stored`, actor, data: { kind, id } },
    `${kind} ${id}`,
  );

export const droppedEntry = ({ kind, id }: Which, { at, actor }: Done): AuditEntry =>
  auditEntry(
    { at, kind: 'dropped', text: `the ${kind} ${id} in quarantine is deleted for good`, actor, data: { kind, id } },
    `${kind} ${id}`,
  );
