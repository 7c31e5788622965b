import * as z from 'zod';
import { type TimelineEntry, timelineKinds } from '../../../core/response/incidents/timeline.ts';
import { nextSchema } from './next.ts';
import { timeOf, timeSchema } from './time.ts';
import { timelineDataDto, timelineDataSchema } from './timeline-data.ts';
import { actorNameSchema, answeredAt, severitySchema } from './words.ts';

export const timelineEntrySchema = z
  .object({
    at: timeSchema,
    kind: z.enum(timelineKinds).describe('What happened, such as `opened`, `page delivered`, `acknowledged` or `resolved`.'),
    severity: severitySchema.meta({ description: 'Severity of the incident at that time.' }),
    text: z.string().describe('What happened and why, for people.'),
    actor: actorNameSchema,
    data: timelineDataSchema.optional(),
  })
  .meta({ id: 'TimelineEntry', description: 'One decision or delivery of an incident, with its reason.' });

export const timelineSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    entries: z.array(timelineEntrySchema).describe('Newest first.'),
    next: nextSchema,
  })
  .meta({ id: 'Timeline' });

export type TimelineEntryDto = z.infer<typeof timelineEntrySchema>;

export const timelineEntryDto = ({ at, kind, severity, text, actor, data }: TimelineEntry): TimelineEntryDto => ({
  ...{ at: timeOf(at), kind, severity, text, actor },
  ...(data === undefined ? {} : { data: timelineDataDto(data) }),
});
