import * as z from 'zod';
import type { IncidentList } from '../../../app/query/incident-list.ts';
import { incidentCursor } from '../../../core/response/incidents/incident-place.ts';
import { nextSchema } from './next.ts';
import { nowIncidentDto, nowIncidentSchema } from './now.ts';
import { ofOthersDto, ofOthersSchema } from './of-others.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt, severitySchema } from './words.ts';

export const incidentListSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    found: z
      .object({
        total: z.int().describe('How many pass the filter, among the newest 10,000.'),
        isCut: z.boolean().describe('There may be older ones, which are not counted.'),
        counts: z.record(severitySchema, z.int()).describe('By severity, whatever `severity` asks for.'),
      })
      .optional()
      .describe('Absent after a cursor.'),
    incidents: z.array(nowIncidentSchema).describe('The newest first.'),
    next: nextSchema,
    ofOthers: ofOthersSchema.optional().describe('What else passes, of other teams; absent without `team`, and after a cursor.'),
  })
  .meta({ id: 'IncidentList', description: 'Incidents in short.' });

export type IncidentListDto = z.infer<typeof incidentListSchema>;

export const incidentListDto = ({ found, incidents, next, ofOthers }: IncidentList, at: number): IncidentListDto => ({
  at: timeOf(at),
  ...(found !== undefined && { found: { ...found, counts: { ...found.counts } } }),
  incidents: incidents.map(nowIncidentDto),
  ...(next !== undefined && { next: incidentCursor(next) }),
  ...(ofOthers !== undefined && { ofOthers: ofOthersDto(ofOthers) }),
});
