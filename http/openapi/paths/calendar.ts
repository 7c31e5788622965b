import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { calendarSchema } from '../../api/dto/calendar.ts';
import { pagedNowSchema } from '../../api/dto/route.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleOverride } from '../examples.ts';
import { exampleRoute } from '../examples-routing.ts';
import { look } from '../people.ts';

const { assignee, from, until } = exampleOverride;
const ana = { responder: 'ana', namedBy: 'rotation' };
const week = { from: '2026-01-05T09:00:00.000Z', until: '2026-01-12T09:00:00.000Z' };
const inPlace = { responder: assignee, from, until, namedBy: 'override', override: exampleOverride };

export const calendarPaths: ZodOpenApiPathsObject = {
  '/api/oncall/calendar': {
    get: look({
      operationId: 'showOnCallCalendar',
      tags: ['On call'],
      summary: 'Who is on call when',
      description:
        'Each schedule layer by layer: its rotation, overrides, and who is on call in the end. Days before today show the schedules of the config of today.',
      requestParams: {
        query: z.object({
          from: z
            .string()
            .optional()
            .meta({ description: 'Start; by default the beginning of today in UTC.', examples: [week.from] }),
          to: z
            .string()
            .optional()
            .meta({ description: 'End; by default 35 days later, at most 100.', examples: [week.until] }),
          schedule: z
            .string()
            .optional()
            .meta({ description: 'This schedule alone.', examples: ['ml'] }),
          after: z
            .string()
            .optional()
            .meta({ description: '`more` of the answer before.', examples: ['ml'] }),
        }),
      },
      responses: {
        '200': json(calendarSchema, 'The schedules.', {
          at,
          ...{ from: week.from, to: week.until },
          schedules: [
            {
              ...{ schedule: 'ml', timezone: 'UTC', rotation: 'weekly', responders: ['ana', 'ben'] },
              turns: [{ ...ana, ...week }],
              overrides: [inPlace],
              result: [{ ...ana, from: week.from, until: from }, inPlace, { ...ana, from: until, until: week.until }],
              clockChanges: [],
            },
          ],
          next: [{ responder: 'ben', schedule: 'ml', from, until }],
        }),
        '400': refusal(
          'The times make no sense.',
          'expected times such as 2026-01-05T09:00:00Z, from before to; received from "tomorrow" and to none',
        ),
        '404': refusal('There is no such schedule.', 'there is no schedule "mll"'),
      },
    }),
  },
  '/api/oncall/paged': {
    get: look({
      operationId: 'showPagedNow',
      tags: ['On call'],
      summary: 'Who would be paged now, by category and severity',
      responses: { '200': json(pagedNowSchema, 'One route for each.', { at, routes: [exampleRoute] }) },
    }),
  },
};
