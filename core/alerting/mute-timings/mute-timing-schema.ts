import * as z from 'zod';
import { matchersSchema } from '../../vocabulary/matchers/matchers-schema.ts';
import { timeZone } from '../../vocabulary/schema-parts.ts';

/** In the order of `weekdayOf`. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as 22:00' })
  .meta({ title: 'time of day' });
export const muteTimingSchema = z.strictObject({
  timezone: timeZone.describe('IANA time zone of its windows.'),
  match: matchersSchema.describe('Alerts with these labels page nobody during the windows.'),
  windows: z
    .array(
      z.strictObject({
        days: z
          .array(z.enum(weekdays))
          .min(1)
          .prefault([...weekdays])
          .describe('Days on which a window starts.'),
        from: clockTime.describe('Local time of day, such as 22:00. Quote it, so that YAML reads it as text.'),
        to: clockTime.describe('If `to` is before `from`, it is on the next day.'),
      }),
    )
    .min(1)
    .describe('When it is active: in each minute in which a clock on the wall shows a time in a window.'),
});

export type MuteTiming = z.output<typeof muteTimingSchema>;
