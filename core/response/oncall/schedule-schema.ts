import * as z from 'zod';
import { name, timeZone } from '../../vocabulary/schema-parts.ts';

/** A local time without offset, in the schedule's time zone. */
const localDateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, { error: 'expected a local date and time such as 2026-01-05T09:00' })
  .meta({ title: 'local date and time' });

export const scheduleSchema = z.strictObject({
  timezone: timeZone.describe('IANA time zone of all times of the schedule.'),
  start: localDateTime.describe(
    'The first hand-over; later ones are at the same local time. If clocks skip that time, it is later by the gap.',
  ),
  rotation: z.enum(['daily', 'weekly']).prefault('weekly').describe('Length of a turn.'),
  responders: z.array(name).min(1).describe('Responders in rotation order; the first starts at `start`.'),
  overrides: z
    .array(
      z.strictObject({
        from: localDateTime.describe('Local start time. If clocks skip that time, it starts when they change.'),
        to: localDateTime.describe('Local end time. Of two equal ones, the last.'),
        responder: name.describe('Who is on call instead.'),
      }),
    )
    .prefault([])
    .describe('Exceptions from the rotation. If they overlap, the later in the list wins.'),
});

export type Schedule = z.output<typeof scheduleSchema>;
