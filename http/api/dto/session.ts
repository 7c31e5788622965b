import * as z from 'zod';
import { permissions, permissionsOf } from '../../../core/access/permission.ts';
import { roles } from '../../../core/access/roles.ts';
import type { SignedIn } from '../../sign-in/signed-in.ts';
import { scheduleZoneSchema } from './schedule-zone.ts';
import { timeOf, timeSchema } from './time.ts';
import { actorNameSchema, answeredAt } from './words.ts';

export const sessionSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    person: z
      .object({
        actor: actorNameSchema.describe('As it is on the timeline of what they do.'),
        name: z.string().describe('For people.'),
        responder: z.string().optional().describe('Who they are in the config.'),
      })
      .meta({ id: 'SignedInPerson' }),
    role: z.enum(roles),
    how: z
      .enum(['open', 'password', 'oidc', 'link'])
      .describe('How they signed in; `open`: nobody has to here; `link`: not at all, they have a link to one incident.'),
    until: timeSchema.optional().meta({ description: 'When they have to sign in again. Programs do so with each request.' }),
    incident: z.string().optional().describe('The only incident that they may look at, by a link.'),
    may: z.array(z.enum(permissions)).describe('What their role allows besides reading. A rollback of the config may take more.'),
    teams: z
      .array(
        z.object({
          name: z.string(),
          isOwn: z.literal(true).optional().describe('Whoever asks is one of them.'),
          schedule: scheduleZoneSchema.optional(),
        }),
      )
      .describe('Teams, and whoever else owns rules, for `team` of other calls; none for a guest.'),
    live: z.enum(['events', 'polling']).describe('How to learn of changes.'),
    version: z.string().describe('Of Tocsin.'),
  })
  .meta({ id: 'Session', description: 'Whoever asks, and what they may do.' });

export type SessionDto = z.infer<typeof sessionSchema>;

export function sessionDto(
  { person: { actor, role, responder }, name, how, until, incident }: SignedIn,
  about: Pick<SessionDto, 'teams' | 'live' | 'version'>,
  at: number,
): SessionDto {
  return {
    at: timeOf(at),
    person: { actor, name, ...(responder !== undefined && { responder }) },
    role,
    how,
    ...(until !== undefined && { until: timeOf(until) }),
    ...(incident !== undefined && { incident }),
    may: permissionsOf({ role, ...(responder !== undefined && { responder }) }),
    ...about,
  };
}
