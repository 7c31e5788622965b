import * as z from 'zod';
import type { TimelineEntry } from '../../../core/response/incidents/timeline.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

export const auditEntrySchema = z
  .object({
    at: timeSchema,
    kind: z.string().describe('What was done, such as `silenced`, `override`, `promoted` or `config`.'),
    text: z.string().describe('What was done and why, for people.'),
    actor: actorNameSchema,
    data: z.record(z.string(), z.unknown()).optional().describe('Details by kind of entry, such as the silence id.'),
  })
  .meta({ id: 'AuditEntry', description: 'An action that belongs to no incident.' });

export type AuditEntryDto = z.infer<typeof auditEntrySchema>;

export const auditLogSchema = z
  .object({ at: timeSchema.meta({ description: answeredAt }), entries: z.array(auditEntrySchema).describe('Oldest first.') })
  .meta({ id: 'AuditLog' });

export const auditEntryDto = ({ at, kind, text, actor, data }: TimelineEntry): AuditEntryDto => ({
  ...{ at: timeOf(at), kind, text, actor, data },
});
