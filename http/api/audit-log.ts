import { Hono } from 'hono';
import { placeOfCursor } from '../../core/access/audit-log.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { auditPage } from './dto/audit-entry.ts';
import { timeOf } from './dto/time.ts';

const mostEntries = 10_000;

/**
 * `/audit-log`: what people and deployments did that belongs to no incident, the newest entries or those
 * before a cursor, oldest first.
 */
export function auditLogRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const limit = Number(c.req.query('limit') ?? 1000);
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= mostEntries))
      return c.json({ error: `expected limit 1 to ${mostEntries}; received ${shown(c.req.query('limit'))}` }, 400);
    const asked = c.req.query('before');
    const before = asked === undefined ? undefined : placeOfCursor(asked);
    if (asked !== undefined && before === undefined)
      return c.json({ error: `expected before to be \`older\` of an earlier answer; received ${shown(asked)}` }, 400);
    return c.json({ at: timeOf(now()), ...auditPage(await ports.store.auditLog(limit + 1, before), limit) });
  });
}
