import * as z from 'zod';
import { exactlyOne, name } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';

export const targetSchema = z
  .strictObject({
    responder: name.optional().describe('Name of a person.'),
    schedule: name.optional().describe('Name of a schedule: whoever is on call.'),
    channel: name.optional().describe('Name of a channel.'),
  })
  .superRefine(exactlyOne(['responder', 'schedule', 'channel']));

export const policySchema = z.strictObject({
  tiers: z
    .array(
      z.strictObject({
        targets: z.array(targetSchema).min(1).max(20).describe('Who is paged, all at once; at most 20.'),
        ackWithin: positiveDuration.describe('Time to acknowledge, after which the next tier is paged.'),
      }),
    )
    .min(1)
    .describe('The escalation steps, in order.'),
  repeat: z.int().min(0).max(20).prefault(0).describe('How often the last tier is repeated before the fallback.'),
  fallback: targetSchema.optional().describe('Paged after all tiers and repeats.'),
  pagesAWeek: z
    .number()
    .positive()
    .optional()
    .describe(
      'A budget: how often it may page in a week. `tocsin check` compares it with the false alarms to expect, digests and `tocsin status` with the pages that came.',
    ),
  ackTimeout: positiveDuration.prefault('4h').describe('Escalates an acknowledged incident that is still open after this.'),
});

export type Target = z.output<typeof targetSchema>;
export type Policy = z.output<typeof policySchema>;
