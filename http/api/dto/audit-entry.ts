import * as z from 'zod';
import type { AuditPage } from '../../../app/query/audit-log.ts';
import { type AuditEntry, auditCursor, auditKinds } from '../../../core/access/audit-log.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

export const auditEntrySchema = z
  .object({
    id: z.string().describe('Of this entry alone.'),
    at: timeSchema,
    kind: z.enum(auditKinds).describe('What was done; `refused`: what a person was not allowed to do.'),
    text: z.string().describe('What was done and why, for people.'),
    actor: actorNameSchema,
    data: z.record(z.string(), z.unknown()).describe('Details by kind of entry, such as the silence id.'),
  })
  .meta({ id: 'AuditEntry', description: 'An action that belongs to no incident.' });

export type AuditEntryDto = z.infer<typeof auditEntrySchema>;

export const auditLogSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    entries: z.array(auditEntrySchema).describe('Oldest first.'),
    older: z.string().optional().describe('There are older entries: ask for them with this as `before`.'),
  })
  .meta({ id: 'AuditLog' });

export type AuditPageDto = { entries: AuditEntryDto[]; older?: string | undefined };

/** What an answer shows of a page of the log. */
export const auditPage = ({ entries, older }: AuditPage): AuditPageDto => ({
  entries: entries.map(auditEntryDto),
  ...(older === undefined ? {} : { older: auditCursor(older) }),
});

export const auditEntryDto = ({ at, ...entry }: AuditEntry): AuditEntryDto => ({ ...entry, at: timeOf(at) });
