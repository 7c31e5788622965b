import { Hono } from 'hono';
import { heartbeatsNow, heartbeatsOf, noSuchHeartbeat } from '../../app/query/heartbeats.ts';
import type { HttpOptions } from '../options.ts';
import { heartbeatDto, heartbeatsDto } from './dto/heartbeat.ts';
import { timeOf } from './dto/time.ts';

/**
 * `/heartbeats`: how jobs do that report their runs; `/heartbeats/:name`: one of them, with its
 * logs.
 */
export function heartbeatRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const at = now();
    return c.json({ at: timeOf(at), heartbeats: heartbeatsDto(await heartbeatsNow(ports, at)) });
  });
  app.get('/:name', async (c) => {
    const at = now();
    const name = c.req.param('name');
    const [heartbeat] = await heartbeatsOf(ports, [name], at);
    if (heartbeat === undefined) return c.json({ error: noSuchHeartbeat(name) }, 404);
    return c.json({ at: timeOf(at), ...heartbeatDto(heartbeat) });
  });
  return app;
}
