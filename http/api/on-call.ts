import { Hono } from 'hono';
import { onCallCalendar, pagedNow } from '../../app/query/on-call-calendar.ts';
import { effectiveConfig } from '../../app/respond/effective-config.ts';
import { onCallNow } from '../../core/response/oncall/in-force.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { calendarDto } from './dto/calendar.ts';
import { shiftDto } from './dto/on-call.ts';
import { overrideDto } from './dto/override.ts';
import { routeDto } from './dto/route.ts';
import { timeOf } from './dto/time.ts';
import { spanIn } from './span.ts';

const dayMs = 86_400_000;
const usualDays = 35;
const mostMs = 100 * dayMs;
/** Overrides begin within a year, and rotations change. */
const farthestMs = 400 * dayMs;

/**
 * `/oncall`: who is on call now, and overrides that have not ended; `/calendar`: who is on call
 * when; `/paged`: who would be paged now.
 */
export function onCallRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const at = now();
    const [config, overrides] = await Promise.all([effectiveConfig(ports, at), ports.store.overrides(at)]);
    return c.json({
      at: timeOf(at),
      oncall: onCallNow(config, at).map(shiftDto),
      overrides: overrides.map(overrideDto),
    });
  });
  app.get('/calendar', async (c) => {
    const at = now();
    const today = Math.floor(at / dayMs) * dayMs;
    const period = spanIn(c, { from: today, to: today + usualDays * dayMs }, mostMs);
    if ('error' in period) return c.json(period, 400);
    if (period.from < at - farthestMs || period.to > at + farthestMs)
      return c.json({ error: `expected times within ${farthestMs / dayMs} days of now; received ${timeOf(period.from)}` }, 400);
    const { schedule, after } = c.req.query();
    if (schedule !== undefined && !Object.hasOwn(ports.config.schedules, schedule))
      return c.json({ error: `there is no schedule ${shown(schedule)}` }, 404);
    const calendar = await onCallCalendar(ports, { period, schedule, after }, at);
    return c.json({ at: timeOf(at), from: timeOf(period.from), to: timeOf(period.to), ...calendarDto(calendar) });
  });
  app.get('/paged', async (c) => {
    const at = now();
    return c.json({ at: timeOf(at), routes: (await pagedNow(ports, at)).map((route) => routeDto(route, at)) });
  });
  return app;
}
