import * as z from 'zod';
import type { TimelineEntry } from '../../../core/response/incidents/timeline.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, severitySchema } from './words.ts';

export const timelineEntrySchema = z
  .object({
    at: timeSchema,
    kind: z.string().describe('What happened, such as `opened`, `page delivered`, `acknowledged` or `resolved`.'),
    severity: severitySchema.meta({ description: 'Severity of the incident at that time.' }),
    text: z.string().describe('What happened and why, for people.'),
    actor: actorNameSchema,
    data: z.record(z.string(), z.unknown()).optional().describe('Details by kind of entry, such as the paged tier.'),
  })
  .meta({ id: 'TimelineEntry', description: 'One decision or delivery of an incident, with its reason.' });

export type TimelineEntryDto = z.infer<typeof timelineEntrySchema>;

export const timelineEntryDto = ({ at, kind, severity, text, actor, data }: TimelineEntry): TimelineEntryDto => ({
  ...{ at: timeOf(at), kind, severity, text, actor, data },
});
