import * as z from 'zod';
import type { Silence } from '../../../core/alerting/silences/silence.ts';
import { actorSchema } from '../actor.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

const matchSchema = z
  .record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)]))
  .describe('An alert must have all these labels; a list allows any of its values.');

export const silenceRequestSchema = z
  .strictObject({
    match: matchSchema,
    durationMs: z.int().positive().describe('Duration in milliseconds; at most 90 days. More than 24 h needs an admin.'),
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
  .meta({ id: 'Silence', description: 'Mutes matching alerts until a time.' });

export type SilenceDto = z.infer<typeof silenceSchema>;

export const silencesSchema = z
  .object({ at: timeSchema.meta({ description: answeredAt }), silences: z.array(silenceSchema) })
  .meta({ id: 'SilenceList' });

export const silenceDto = ({ id, match, from, until, by, comment }: Silence): SilenceDto => ({
  ...{ id, match, from: timeOf(from), until: timeOf(until), by, comment },
});
