import { Hono } from 'hono';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { auditEntryDto } from './dto/audit-entry.ts';
import { timeOf } from './dto/time.ts';

const mostEntries = 10_000;

/**
 * `/audit-log`: what people and deployments did that belongs to no incident, the newest entries,
 * oldest first.
 */
export function auditLogRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const limit = Number(c.req.query('limit') ?? 1000);
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= mostEntries))
      return c.json({ error: `expected limit 1 to ${mostEntries}; received ${shown(c.req.query('limit'))}` }, 400);
    return c.json({ at: timeOf(now()), entries: (await ports.store.auditLog(limit)).map(auditEntryDto) });
  });
}
