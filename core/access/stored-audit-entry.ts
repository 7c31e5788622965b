import * as z from 'zod';
import { ids, text, whole } from '../vocabulary/stored-parts.ts';
import { storedRecord } from '../vocabulary/stored-record.ts';
import { type AuditEntry, auditKinds } from './audit-log.ts';

export const storedAuditEntry = storedRecord<AuditEntry>()(
  'audit entry',
  6,
  z.object({
    id: ids.auditEntryId,
    at: whole,
    kind: z.enum(auditKinds),
    text,
    actor: text,
    data: z.record(z.string(), z.unknown()),
  }),
  // Version 1 had no records that come back from quarantine, or are dropped from there. Version 2
  // had none about digests, version 3 none about test pages. Version 4 had none about people who
  // sign in, and links, version 5 none about devices that take pages.
  { 1: (value) => value, 2: (value) => value, 3: (value) => value, 4: (value) => value, 5: (value) => value },
);
