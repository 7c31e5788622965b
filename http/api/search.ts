import { Hono } from 'hono';
import { search } from '../../app/query/search.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { searchDto } from './dto/search.ts';

export const mostOfKind = 20;
const longestQuery = 200;

/** `/search`: whatever has a name, while somebody types it. */
export function searchRoutes({ ports, runbooks, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const q = c.req.query('q') ?? '';
    if (q.length > longestQuery)
      return c.json({ error: `expected q of at most ${longestQuery} characters; received ${q.length}` }, 400);
    const limit = Number(c.req.query('limit') ?? 8);
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= mostOfKind))
      return c.json({ error: `expected limit 1 to ${mostOfKind}; received ${shown(c.req.query('limit'))}` }, 400);
    const at = now();
    return c.json(searchDto(await search(ports, { q, limit, runbooks }, at), at));
  });
}
