import type { Context } from 'hono';
import { incidentList } from '../../app/query/incident-list.ts';
import type { IncidentFilter } from '../../core/response/incidents/incident-filter.ts';
import { incidentPlaceOf } from '../../core/response/incidents/incident-place.ts';
import { alertSeverities, categories } from '../../core/vocabulary/schema-parts.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';
import type { HttpOptions } from '../options.ts';
import { incidentListDto } from './dto/incident-list.ts';
import { namesIn, pageIn } from './page-of-list.ts';
import { scopeIn } from './team.ts';

export const statuses = ['open', 'resolved', 'all'] as const;
export const incidentPages = { usual: 100, most: 1000 };
export const longestText = 200;

/** The newest incidents in short that pass a filter, or those after a cursor. */
export async function listIncidents(c: Context, { ports, now }: HttpOptions): Promise<Response> {
  const status = statuses.find((one) => one === (c.req.query('status') ?? 'open'));
  if (status === undefined)
    return c.json({ error: `expected status ${statuses.join(', ')}; received ${shown(c.req.query('status'))}` }, 400);
  const page = pageIn(c, incidentPages, incidentPlaceOf);
  if ('error' in page) return c.json(page, 400);
  const filter = filterIn(c);
  if ('error' in filter) return c.json(filter, 400);
  const asked = scopeIn(c, ports.config);
  if ('error' in asked) return c.json(asked, 400);
  const tenants = c.req.query('synthetic') === 'true';
  const at = now();
  return c.json(incidentListDto(await incidentList(ports, { status, tenants, filter, scope: asked.scope, ...page }, at), at));
}

function filterIn(c: Context): IncidentFilter | { error: string } {
  const severities = namesIn(c, 'severity', alertSeverities);
  if ('error' in severities) return severities;
  const wanted = namesIn(c, 'category', categories);
  if ('error' in wanted) return wanted;
  const text = c.req.query('q');
  if (text !== undefined && (text === '' || text.length > longestText))
    return { error: `expected q of 1 to ${longestText} characters; received ${shown(text)}` };
  const day = c.req.query('since');
  const since = day === undefined ? undefined : parseTimestamp(day);
  if (day !== undefined && since === undefined)
    return { error: `expected since as a time such as 2026-01-05T09:00:00Z; received ${shown(day)}` };
  return { severities: severities.names, categories: wanted.names, text, since };
}
