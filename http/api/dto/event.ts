import * as z from 'zod';
import { listKinds } from '../../../app/follow/change.ts';
import { resetReasons } from '../../../app/follow/change-log.ts';
import type { Told } from '../../../app/follow/told.ts';
import { timeIfAny, timeOf, timeSchema } from './time.ts';

/** What a client is told over `GET /api/events`. A closed set. */
export const eventSchema = z
  .discriminatedUnion('kind', [
    z
      .object({
        kind: z.literal('reset'),
        reason: z.enum(resetReasons).describe('`first`: the client named no event; otherwise its event is not known here.'),
      })
      .describe('Ask for everything that is shown.'),
    z
      .object({ kind: z.literal('incident'), id: z.string(), version: z.int().describe('Grows with each change.') })
      .describe('It changed; so did the lists it is in, and its timeline.'),
    z.object({ kind: z.literal('incidents') }).describe('More incidents changed than are named.'),
    z
      .object({
        kind: z.literal('rules'),
        at: timeSchema,
        rules: z.array(z.string()).optional().describe('Absent: more than are named.'),
      })
      .describe('Rules were evaluated, or could not be.'),
    z.object({ kind: z.enum(listKinds) }).describe('Something of it changed.'),
    z
      .object({
        kind: z.literal('alive'),
        at: timeSchema.meta({ description: 'The time of the service.' }),
        judgedAt: timeSchema.optional().meta({ description: 'When rules were last evaluated since the start.' }),
      })
      .describe('All is well with the connection.'),
  ])
  .meta({ id: 'Event', description: 'What has changed, without the data: ask for that again, with `If-None-Match`.' });

export type EventDto = z.infer<typeof eventSchema>;

export const aliveDto = (now: number, judgedAt: number | undefined): EventDto => ({
  ...{ kind: 'alive', at: timeOf(now), judgedAt: timeIfAny(judgedAt) },
});

export function eventDto(told: Told): EventDto {
  switch (told.kind) {
    case 'rules':
      return { kind: 'rules', at: timeOf(told.at), rules: told.rules };
    default:
      return told;
  }
}
