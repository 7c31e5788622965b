import * as z from 'zod';
import { ids, text, whole } from '../vocabulary/stored-parts.ts';
import { storedRecord } from '../vocabulary/stored-record.ts';
import { type AuditEntry, auditKinds } from './audit-log.ts';

export const storedAuditEntry = storedRecord<AuditEntry>()(
  'audit entry',
  1,
  z.object({
    id: ids.auditEntryId,
    at: whole,
    kind: z.enum(auditKinds),
    text,
    actor: text,
    data: z.record(z.string(), z.unknown()),
  }),
);
