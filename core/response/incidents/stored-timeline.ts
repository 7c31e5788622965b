import * as z from 'zod';
import { alertSeveritySchema } from '../../vocabulary/schema-parts.ts';
import { ids, text, whole } from '../../vocabulary/stored-parts.ts';
import { storedList, storedRecord } from '../../vocabulary/stored-record.ts';
import { type TimelineEntry, timelineKinds } from './timeline.ts';
import { timelineData } from './timeline-data.ts';

const storedEntry = storedRecord<TimelineEntry>()(
  'timeline',
  4,
  z.object({
    incidentId: ids.incidentId,
    version: whole,
    n: whole,
    at: whole,
    kind: z.enum(timelineKinds),
    severity: alertSeveritySchema,
    text,
    actor: text,
    data: timelineData.optional(),
  }),
  // Version 2 has entries about flapping, version 3 has notes of people, version 4 tells of
  // changes.
  { 1: (value) => value, 2: (value) => value, 3: (value) => value },
);

/** Consecutive entries of one version are one record. */
export const storedEntries = storedList(storedEntry);
