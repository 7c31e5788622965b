import type { Context } from 'hono';
import { timelinePage } from '../../app/query/timeline.ts';
import { timelineGroups } from '../../core/response/incidents/timeline-groups.ts';
import { timelineCursor, timelinePlaceOf } from '../../core/response/incidents/timeline-place.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import type { HttpOptions } from '../options.ts';
import { timeOf } from './dto/time.ts';
import { timelineEntryDto } from './dto/timeline-entry.ts';
import { namesIn, pageIn } from './page-of-list.ts';

export const timelinePages = { usual: 100, most: 1000 };

/** The newest entries of an incident, or those after a cursor. */
export async function showTimeline(c: Context, { ports, now }: HttpOptions): Promise<Response> {
  const id = asIncidentId(c.req.param('id') ?? '');
  const page = pageIn(c, timelinePages, timelinePlaceOf);
  if ('error' in page) return c.json(page, 400);
  const groups = namesIn(c, 'group', timelineGroups);
  if ('error' in groups) return c.json(groups, 400);
  const { entries, next } = await timelinePage(ports, id, { groups: groups.names, ...page });
  // Only then it need not be there: every incident has entries.
  if (entries.length === 0 && (await ports.store.incident(id)) === undefined)
    return c.json({ error: `there is no incident ${id}` }, 404);
  return c.json({
    at: timeOf(now()),
    entries: entries.map(timelineEntryDto),
    ...(next === undefined ? {} : { next: timelineCursor(next) }),
  });
}
