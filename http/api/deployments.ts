import { Hono } from 'hono';
import { deploymentsNow } from '../../app/query/deployments.ts';
import type { HttpOptions } from '../options.ts';
import { deploymentsDto } from './dto/deployment.ts';
import { timeOf } from './dto/time.ts';

/** `/deployments`: what serves, since when, and what became of rollbacks. */
export function deploymentRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const at = now();
    return c.json({ at: timeOf(at), ...deploymentsDto(await deploymentsNow(ports, at)) });
  });
}
