import { type Context, Hono } from 'hono';
import { auditEntries } from '../../app/query/audit-log.ts';
import type { AuditFilter } from '../../core/access/audit-filter.ts';
import { auditKinds, placeOfCursor } from '../../core/access/audit-log.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';
import type { HttpOptions } from '../options.ts';
import { auditPage } from './dto/audit-entry.ts';
import { timeOf } from './dto/time.ts';

const mostEntries = 10_000;
const longestPart = 200;

/**
 * `/audit-log`: what people and deployments did that belongs to no incident, the newest entries or
 * those before a cursor, oldest first; all, or those that pass a filter.
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
    const filter = filterIn(c);
    if ('error' in filter) return c.json(filter, 400);
    return c.json({ at: timeOf(now()), ...auditPage(await auditEntries(ports, { filter, limit, before })) });
  });
}

function filterIn(c: Context): AuditFilter | { error: string } {
  const { kind, actor, text, from, to } = c.req.query();
  const names = kind?.split(',');
  const kinds = names?.flatMap((name) => auditKinds.find((one) => one === name) ?? []);
  if (names?.length !== kinds?.length)
    return { error: `expected kind to be of ${auditKinds.join(', ')}; received ${shown(kind)}` };
  for (const part of [actor, text])
    if (part !== undefined && (part === '' || part.length > longestPart))
      return { error: `expected actor and text of 1 to ${longestPart} characters; received ${shown(part)}` };
  const times = {
    from: from === undefined ? undefined : parseTimestamp(from),
    to: to === undefined ? undefined : parseTimestamp(to),
  };
  if ((from !== undefined && times.from === undefined) || (to !== undefined && times.to === undefined))
    return { error: `expected from and to as times such as 2026-01-05T09:00:00Z; received ${shown(from)} and ${shown(to)}` };
  return { kinds, actor, text, ...times };
}
