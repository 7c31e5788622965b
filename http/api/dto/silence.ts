import * as z from 'zod';
import type { Silence } from '../../../core/alerting/silences/silence.ts';
import { matcherText } from '../../../core/vocabulary/matchers/matcher.ts';
import { matchersSchema } from '../../../core/vocabulary/matchers/matchers-schema.ts';
import { actorSchema } from '../actor.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

const matchSchema = matchersSchema.describe(
  "All must hold: labels and their values, where a list allows any of them; or matchers in Alertmanager's syntax, in one text or a list.",
);

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
    match: z.array(z.string()).describe("Its matchers in Alertmanager's syntax. All must hold."),
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
  ...{ id, match: match.map(matcherText), from: timeOf(from), until: timeOf(until), by, comment },
});
