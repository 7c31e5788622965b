import { Hono } from 'hono';
import { auditLogId } from '../../core/access/audit-log.ts';
import type { HttpOptions } from '../options.ts';
import { auditEntryDto } from './dto/audit-entry.ts';
import { timeOf } from './dto/time.ts';

/** `/audit-log`: changes by people and deployments that belong to no incident, oldest first. */
export function auditLogRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    return c.json({ at: timeOf(now()), entries: (await ports.store.timeline(auditLogId)).map(auditEntryDto) });
  });
}
