import { Hono } from 'hono';
import { effectiveConfig } from '../../app/respond/effective-config.ts';
import { onCallNow } from '../../core/response/oncall/in-force.ts';
import type { HttpOptions } from '../options.ts';
import { shiftDto } from './dto/on-call.ts';
import { overrideDto } from './dto/override.ts';
import { timeOf } from './dto/time.ts';

/** `/oncall`: who is on call now, and overrides that have not ended. */
export function onCallRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const at = now();
    const [config, overrides] = await Promise.all([effectiveConfig(ports, at), ports.store.overrides(at)]);
    return c.json({
      at: timeOf(at),
      oncall: onCallNow(config, at).map(shiftDto),
      overrides: overrides.map(overrideDto),
    });
  });
}
