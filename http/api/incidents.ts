import { Hono } from 'hono';
import { latestIncident, latestOf } from '../../app/latest-incident.ts';
import { respond } from '../../app/respond/respond.ts';
import { responses } from '../../core/response/incidents/respond.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { act } from './act.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { resolveRequestSchema, stillFiringDto } from './dto/action.ts';
import { incidentDto } from './dto/incident.ts';
import { timeOf } from './dto/time.ts';
import { timelineEntryDto } from './dto/timeline-entry.ts';

export const statuses = ['open', 'resolved', 'all'] as const;

/** `/incidents`: lists incidents, shows one, and acts on it. */
export function incidentRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', async (c) => {
    const status = statuses.find((one) => one === (c.req.query('status') ?? 'open'));
    const limit = Number(c.req.query('limit') ?? 100);
    if (status === undefined || !(Number.isInteger(limit) && limit >= 1 && limit <= 1000)) {
      return c.json({ error: `expected status ${statuses.join(', ')} and limit 1 to 1000` }, 400);
    }
    const synthetic = c.req.query('synthetic') === 'true';
    const incidents = await latestOf(ports, await ports.store.incidents({ status, limit, tenants: synthetic }));
    return c.json({ at: timeOf(now()), incidents: incidents.map(incidentDto) });
  });

  app.get('/:id', async (c) => {
    const incident = await latestIncident(ports, asIncidentId(c.req.param('id')));
    if (incident === undefined) return c.json({ error: `there is no incident ${c.req.param('id')}` }, 404);
    const timeline = await ports.store.timeline(incident.id);
    return c.json({ at: timeOf(now()), incident: incidentDto(incident), timeline: timeline.map(timelineEntryDto) });
  });

  app.post('/:id/:response', async (c) => {
    const response = responses.find((one) => one === c.req.param('response'));
    if (response === undefined) return c.json({ error: `expected one of ${responses.join(', ')}` }, 404);
    const incidentId = asIncidentId(c.req.param('id'));
    if (response !== 'resolve') return act(c, options, (person) => respond(ports, { incidentId, response, ...person }, now()));
    const body = await readBody(c, resolveRequestSchema, { example: '{"actor": "ana", "force": true}', empty: {} });
    if (!body.ok) return body.refused;
    const confirmed = body.value.force === true ? { force: true as const } : undefined;
    const person = personOf(c, options, body.value.actor);
    const result = await respond(ports, { incidentId, response, confirmed, ...person }, now());
    if (result.ok) return c.json({ message: result.message });
    return refusedAs(c, result, result.firing === undefined ? {} : { stillFiring: stillFiringDto(result.firing) });
  });
  return app;
}
