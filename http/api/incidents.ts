import { Hono } from 'hono';
import * as z from 'zod';
import { respond } from '../../app/respond/respond.ts';
import { outward } from '../../core/response/incidents/outward.ts';
import { responses } from '../../core/response/incidents/respond.ts';
import { firingLines } from '../../core/response/incidents/still-firing.ts';
import type { HttpOptions } from '../options.ts';
import { act } from './act.ts';
import { actorSchema, personOf } from './actor.ts';
import { readBody } from './body.ts';

const statuses = ['open', 'resolved', 'all'] as const;
const resolveBody = z.strictObject({ actor: actorSchema, force: z.boolean().optional() });

/** Below `/incidents`: lists incidents, shows one, and acts on it. */
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
    return c.json({ at: now(), incidents: (await ports.store.incidents({ status, limit, synthetic })).map(outward) });
  });

  app.get('/:id', async (c) => {
    const incident = await ports.store.incident(c.req.param('id'));
    if (incident === undefined) return c.json({ error: `there is no incident ${c.req.param('id')}` }, 404);
    return c.json({ at: now(), incident: outward(incident), timeline: await ports.store.timeline(incident.id) });
  });

  app.post('/:id/:response', async (c) => {
    const response = responses.find((one) => one === c.req.param('response'));
    if (response === undefined) return c.json({ error: `expected one of ${responses.join(', ')}` }, 404);
    const incidentId = c.req.param('id');
    if (response !== 'resolve') return act(c, options, (person) => respond(ports, { incidentId, response, ...person }, now()));
    const body = await readBody(c, resolveBody, { example: '{"actor": "ana", "force": true}', empty: {} });
    if (!body.ok) return body.refused;
    const confirmed = body.value.force === true ? { force: true as const } : undefined;
    const person = personOf(c, options, body.value.actor);
    const { firing, ...result } = await respond(ports, { incidentId, response, confirmed, ...person }, now());
    if (firing === undefined) return c.json(result, result.ok ? 200 : 409);
    const { critical, warn, alerts } = firing;
    return c.json({ ...result, stillFiring: { critical, warn, alerts, lines: firingLines(firing) } }, 409);
  });
  return app;
}
