import * as z from 'zod';
import type { Silence } from '../../../core/alerting/silences/silence.ts';
import { actorSchema } from '../actor.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

const matchSchema = z
  .record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)]))
  .describe('Labels that an alert must have all of; of a list it must have one of the values.');

export const silenceRequestSchema = z
  .strictObject({
    match: matchSchema,
    durationMs: z.int().positive().describe('How long, in milliseconds; at most 90 days, and more than 24 h takes an admin.'),
    comment: z.string().max(1000).prefault('').describe('Why.'),
    actor: actorSchema,
  })
  .meta({ id: 'SilenceRequest' });

export const silenceSchema = z
  .object({
    id: z.string(),
    match: matchSchema,
    from: timeSchema,
    until: timeSchema,
    by: actorNameSchema,
    comment: z.string(),
  })
  .meta({ id: 'Silence', description: 'Nobody is paged about alerts that match, until a time.' });

export type SilenceDto = z.infer<typeof silenceSchema>;

export const silencesSchema = z
  .object({ at: timeSchema.meta({ description: answeredAt }), silences: z.array(silenceSchema) })
  .meta({ id: 'SilenceList' });

export const silenceDto = ({ id, match, from, until, by, comment }: Silence): SilenceDto => ({
  ...{ id, match, from: timeOf(from), until: timeOf(until), by, comment },
});
