import { Hono } from 'hono';
import { routeMatches } from '../../app/query/route-match.ts';
import { routingOf } from '../../app/query/routing.ts';
import type { HttpOptions } from '../options.ts';
import { readBody } from './body.ts';
import { routeMatchDto, routeMatchRequestSchema } from './dto/route.ts';
import { routingDto } from './dto/routing.ts';
import { msOf, timeOf } from './dto/time.ts';

const mostAheadMs = 90 * 86_400_000;

/** `/routes`: how alerts are routed and muted by the config, and who would be paged about one. */
export function pagingRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/', (c) => {
    const at = now();
    return c.json({ at: timeOf(at), ...routingDto(routingOf(ports.config, at)) });
  });
  app.post('/match', async (c) => {
    const body = await readBody(c, routeMatchRequestSchema, { example: '{"labels": {"rule": "churn-accuracy"}}' });
    if (!body.ok) return body.refused;
    const current = now();
    const at = body.value.at === undefined ? current : msOf(body.value.at);
    if (at < current - 60_000 || at > current + mostAheadMs)
      return c.json({ error: `expected at to be from now to 90 days ahead; received ${timeOf(at)}` }, 400);
    const found = await routeMatches(ports, body.value.labels, at, current);
    if (!found.ok) return c.json({ error: found.error }, 400);
    return c.json({ at: timeOf(at), routes: routeMatchDto(found.routes, at), notes: found.notes });
  });
  return app;
}
