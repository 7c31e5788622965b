import { Hono } from 'hono';
import type { Config } from '../../core/config/schema.ts';
import { scheduleZone } from '../../core/response/oncall/schedule-of.ts';
import { teamsIn, teamsOf } from '../../core/selfcheck/scope/team-scope.ts';
import type { HttpOptions } from '../options.ts';
import { signedInAs } from '../sign-in/signed-in.ts';
import { type SessionDto, sessionDto } from './dto/session.ts';

/** `/session`: who am I, and what may I do. */
export const sessionRoutes = ({ ports, now, feed, version = 'unknown' }: HttpOptions): Hono =>
  new Hono().get('/', (c) => {
    const who = signedInAs(c);
    const live = feed === undefined ? 'polling' : 'events';
    const teams = who.how === 'link' ? [] : teamsFor(ports.config, who.person.responder);
    return c.json(sessionDto(who, { teams, live, version }, now()));
  });

/** One's own first. */
function teamsFor(config: Config, responder: string | undefined): SessionDto['teams'] {
  const own = teamsOf(config, responder);
  return [...new Set([...own, ...teamsIn(config)])].map((name) => {
    const schedule = scheduleZone(config.schedules, Object.hasOwn(config.teams, name) ? config.teams[name]?.schedule : undefined);
    return {
      name,
      ...(own.includes(name) && { isOwn: true as const }),
      ...(schedule !== undefined && { schedule }),
    };
  });
}
