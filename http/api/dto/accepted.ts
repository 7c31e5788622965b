import * as z from 'zod';
import type { AcceptedBaseline } from '../../../core/detection/kinds/drift/accepted.ts';
import { positiveDuration } from '../../../core/vocabulary/units.ts';
import { actorSchema } from '../actor.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema } from './words.ts';

export const acceptRequestSchema = z
  .strictObject({
    rule: z.string().min(1).describe('A drift rule of which alerts fire.'),
    match: z.record(z.string(), z.string()).prefault({}).describe('Only alerts with these labels; all when left out.'),
    window: positiveDuration
      .optional()
      .describe('How far back the new normal looks, such as `7d`; since the alerts began when left out.'),
    comment: z.string().max(1000).prefault('').describe('Why.'),
    actor: actorSchema,
  })
  .meta({ id: 'AcceptRequest' });

export const acceptedSchema = z
  .object({
    rule: z.string(),
    labels: z.record(z.string(), z.string()).describe('Of the series.'),
    from: timeSchema,
    to: timeSchema,
    values: z.int().describe('Number of values that it rests on.'),
    at: timeSchema,
    by: actorNameSchema,
    comment: z.string(),
  })
  .meta({ id: 'AcceptedBaseline', description: 'What was accepted as the normal of one series.' });

export const acceptedListSchema = z
  .object({ message: z.string().describe('What was done, for people.'), accepted: z.array(acceptedSchema) })
  .meta({ id: 'Accepted' });

export type AcceptedDto = z.infer<typeof acceptedSchema>;

export function acceptedDto({ ruleId, labels, from, to, profile, at, by, comment }: AcceptedBaseline): AcceptedDto {
  const values = profile.count - profile.nulls;
  return { rule: ruleId, labels, from: timeOf(from), to: timeOf(to), values, at: timeOf(at), by, comment };
}
