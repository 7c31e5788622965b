import * as z from 'zod';
import { ids, text, whole } from '../vocabulary/stored-parts.ts';
import { storedRecord } from '../vocabulary/stored-record.ts';
import { type AuditEntry, auditKinds } from './audit-log.ts';

export const storedAuditEntry = storedRecord<AuditEntry>()(
  'audit entry',
  3,
  z.object({
    id: ids.auditEntryId,
    at: whole,
    kind: z.enum(auditKinds),
    text,
    actor: text,
    data: z.record(z.string(), z.unknown()),
  }),
  // Version 1 had no records that come back from quarantine, or are dropped from there.
  // Version 2 had none about digests.
  { 1: (value) => value, 2: (value) => value },
);
