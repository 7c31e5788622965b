import { Hono } from 'hono';
import { readIncidentDetail } from '../../app/query/incident-detail.ts';
import { noteOnIncident } from '../../app/respond/note.ts';
import { respond } from '../../app/respond/respond.ts';
import { responses } from '../../core/response/incidents/respond.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { webPerson } from '../web-access.ts';
import { act } from './act.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { noteRequestSchema, resolveRequestSchema, stillFiringDto } from './dto/action.ts';
import { incidentDetailDto } from './dto/incident-detail.ts';
import { showIncidentChart } from './incident-chart.ts';
import { listIncidents } from './incident-list.ts';
import { showTimeline } from './incident-timeline.ts';
import { makeLink } from './links.ts';

/** `/incidents`: lists incidents, shows one, and acts on it. */
export function incidentRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', (c) => listIncidents(c, options));

  app.get('/:id', async (c) => {
    const at = now();
    const detail = await readIncidentDetail(ports, asIncidentId(c.req.param('id')), webPerson(c, options), at);
    if (detail === undefined) return c.json({ error: `there is no incident ${c.req.param('id')}` }, 404);
    return c.json(incidentDetailDto(detail, (name) => options.runbooks.get(name)?.title, at));
  });

  app.get('/:id/timeline', (c) => showTimeline(c, options));

  app.get('/:id/chart', (c) => showIncidentChart(c, options));

  app.post('/:id/note', async (c) => {
    const body = await readBody(c, noteRequestSchema, { example: '{"text": "the feed was moved"}' });
    if (!body.ok) return body.refused;
    const { text, actor } = body.value;
    const incidentId = asIncidentId(c.req.param('id'));
    const result = await noteOnIncident(ports, { incidentId, text, ...personOf(c, options, actor) }, now());
    return result.ok ? c.json({ message: result.message }) : refusedAs(c, result);
  });
  app.post('/:id/link', (c) => makeLink(c, options));

  for (const response of responses) {
    if (response === 'resolve') continue;
    app.post(`/:id/${response}`, (c) => {
      const incidentId = asIncidentId(c.req.param('id'));
      return act(c, options, (person) => respond(ports, { incidentId, response, ...person }, now()));
    });
  }

  app.post('/:id/resolve', async (c) => {
    const incidentId = asIncidentId(c.req.param('id'));
    const body = await readBody(c, resolveRequestSchema, { example: '{"actor": "ana", "force": true}', empty: {} });
    if (!body.ok) return body.refused;
    const confirmed = body.value.force === true ? { force: true as const } : undefined;
    const person = personOf(c, options, body.value.actor);
    const result = await respond(ports, { incidentId, response: 'resolve', confirmed, ...person }, now());
    if (result.ok) return c.json({ message: result.message });
    return refusedAs(c, result, result.firing === undefined ? {} : { stillFiring: stillFiringDto(result.firing) });
  });
  return app;
}
