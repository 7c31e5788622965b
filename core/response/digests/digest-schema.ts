import * as z from 'zod';
import { clockTime, weekdays } from '../../alerting/mute-timings/mute-timing-schema.ts';
import { timeZone } from '../../vocabulary/schema-parts.ts';
import { targetSchema } from '../escalation/policy-schema.ts';

export const digestSchema = z
  .strictObject({
    tell: z
      .array(targetSchema)
      .min(1)
      .max(20)
      .describe('Who gets it. A digest rings no differently from other messages, so better a channel.'),
    every: z.enum(['day', 'week']).describe('How often.'),
    on: z.enum(weekdays).optional().describe('The day of a weekly one; `mon` when left out.'),
    at: clockTime.prefault('08:00').describe('Local time of day. Quote it, so that YAML reads it as text.'),
    timezone: timeZone.describe('IANA time zone of `at`; in it a night is from 22:00 to 7:00.'),
  })
  .refine(({ every, on }) => every === 'week' || on === undefined, {
    error: 'expected no day for a digest of every day; remove it, or set every: week',
    path: ['on'],
  });

export type DigestConfig = z.output<typeof digestSchema>;
