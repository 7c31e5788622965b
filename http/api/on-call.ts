import { Hono } from 'hono';
import { configInForce } from '../../app/respond/in-force.ts';
import { onCallNow } from '../../core/response/oncall/in-force.ts';
import type { HttpOptions } from '../options.ts';

/** `/oncall`: who is on call now, and the overrides that have not ended. */
export function onCallRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const [config, overrides] = await Promise.all([configInForce(ports, now()), ports.store.overrides(now())]);
    return c.json({ at: now(), oncall: onCallNow(config, now()), overrides });
  });
}
