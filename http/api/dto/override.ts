import * as z from 'zod';
import type { Override } from '../../../core/response/oncall/override.ts';
import { actorSchema } from '../actor.ts';
import { msOf, timeOf, timeSchema } from './time.ts';
import { actorNameSchema } from './words.ts';

const name = z.string().min(1).max(100);
const asSaid = 'As people say it: `4h`, `17:00`, `2026-01-05T09:00`, by the clocks of the schedule.';

export const overrideRequestSchema = z
  .strictObject({
    schedule: name.describe('Name of a schedule in the config.'),
    assignee: name.describe('Name of a responder in the config, or `me`.'),
    from: name.optional().describe(`When it begins; at once when left out. ${asSaid}`),
    until: name.describe(`When it ends; at most 90 days later. ${asSaid}`),
    comment: z.string().max(1000).prefault('').describe('Why.'),
    actor: actorSchema,
  })
  .meta({ id: 'OverrideRequest' });

export const overrideSchema = z
  .object({
    id: z.string(),
    schedule: z.string(),
    assignee: z.string().describe('The responder who is on call instead.'),
    from: timeSchema,
    until: timeSchema,
    createdAt: timeSchema.meta({ description: 'Of overrides that overlap, the one made last is in force.' }),
    by: actorNameSchema,
    comment: z.string(),
  })
  .meta({ id: 'Override', description: 'Somebody is on call in place of whoever the schedule names, until a time.' });

export type OverrideDto = z.infer<typeof overrideSchema>;

export const overrideDto = ({ id, schedule, responder, from, until, at, by, comment }: Override): OverrideDto => ({
  ...{ id, schedule, assignee: responder, by, comment },
  ...{ from: timeOf(from), until: timeOf(until), createdAt: timeOf(at) },
});

/** The reverse, for the command line, which computes who is paged. */
export const overrideOf = ({ id, schedule, assignee, from, until, createdAt, by, comment }: OverrideDto): Override => ({
  ...{ id, schedule, responder: assignee, by, comment, version: 1 },
  ...{ from: msOf(from), until: msOf(until), at: msOf(createdAt) },
});
