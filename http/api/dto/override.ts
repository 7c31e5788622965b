import * as z from 'zod';
import type { Override } from '../../../core/response/oncall/override.ts';
import { actorSchema } from '../actor.ts';
import { msOf, timeOf, timeSchema } from './time.ts';
import { actorNameSchema } from './words.ts';

const name = z.string().min(1).max(100);
const asSaid = 'As people write it, in the time zone of the schedule: `4h`, `17:00`, `2026-01-05T09:00`.';

export const overrideRequestSchema = z
  .strictObject({
    schedule: name.describe('A schedule in the config.'),
    assignee: name.describe('A responder in the config, or `me`.'),
    from: name.optional().describe(`Start; by default now. ${asSaid}`),
    until: name.describe(`End; at most 90 days later. ${asSaid}`),
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
    createdAt: timeSchema.meta({ description: 'If overrides overlap, the last one made wins.' }),
    by: actorNameSchema,
    comment: z.string(),
  })
  .meta({ id: 'Override', description: 'Somebody replaces whoever is on call, until a time.' });

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
