import * as z from 'zod';
import type { OnCallCalendar } from '../../../app/query/on-call-calendar.ts';
import type { CalendarSpan } from '../../../core/response/oncall/calendar.ts';
import { overrideDto, overrideSchema } from './override.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const namedBySchema = z
  .enum(['rotation', 'config override', 'override'])
  .describe('Why: the rotation, an override in the config, or one that somebody made.');

const spanSchema = z
  .object({
    responder: z.string(),
    from: timeSchema,
    until: timeSchema,
    namedBy: namedBySchema,
    override: overrideSchema.optional(),
  })
  .meta({ id: 'OnCallSpan', description: 'Who is on call in a span of time.' });

const scheduleSchema = z
  .object({
    schedule: z.string(),
    timezone: z.string().describe('IANA time zone.'),
    rotation: z.enum(['daily', 'weekly']),
    responders: z.array(z.string()).describe('In the order of the rotation.'),
    turns: z.array(spanSchema).describe('The turns of the rotation alone.'),
    overrides: z.array(spanSchema).describe('Each as it was asked for.'),
    result: z.array(spanSchema).describe('Who is on call, one span after the other. A rotation has no gaps.'),
    clockChanges: z
      .array(z.object({ at: timeSchema, beforeMs: z.int(), afterMs: z.int() }))
      .describe('When the clocks of the time zone change, and their offsets from UTC.'),
  })
  .meta({ id: 'ScheduleCalendar' });

export const calendarSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    from: timeSchema,
    to: timeSchema,
    schedules: z.array(scheduleSchema).describe('By name; at most 20.'),
    next: z
      .array(
        z.object({
          responder: z.string(),
          schedule: z.string(),
          from: timeSchema.meta({ description: 'In the past for whoever is on call now.' }),
          until: timeSchema,
        }),
      )
      .describe('The current or next turn of each responder.'),
    more: z.string().optional().describe('There are more schedules: ask for them with this as `after`.'),
  })
  .meta({ id: 'OnCallCalendar' });

export type OnCallSpanDto = z.infer<typeof spanSchema>;
export type ScheduleCalendarDto = z.infer<typeof scheduleSchema>;
export type CalendarDto = z.infer<typeof calendarSchema>;

export const calendarDto = ({ schedules, next, more }: OnCallCalendar) => ({
  schedules: schedules.map(({ turns, overrides, result, clockChanges, responders, ...schedule }) => ({
    ...schedule,
    responders: [...responders],
    ...{ turns: turns.map(spanDto), overrides: overrides.map(spanDto), result: result.map(spanDto) },
    clockChanges: clockChanges.map(({ at, before, after }) => ({ at: timeOf(at), beforeMs: before, afterMs: after })),
  })),
  next: next.map(({ responder, schedule, from, until }) => ({ responder, schedule, from: timeOf(from), until: timeOf(until) })),
  more,
});

function spanDto({ responder, from, until, override, made }: CalendarSpan): OnCallSpanDto {
  const span = { responder, from: timeOf(from), until: timeOf(until) };
  if (made !== undefined) return { ...span, namedBy: 'override', override: overrideDto(made) };
  return { ...span, namedBy: override ? 'config override' : 'rotation' };
}
