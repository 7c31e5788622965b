import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { respond } from '../app/respond.ts';
import { addSilence } from '../app/silence.ts';
import { responses } from '../core/incidents/respond.ts';
import type { HttpOptions } from './options.ts';
import { webActor, webRefusal } from './web-access.ts';

const actor = z.string().min(1).max(100).optional();
const respondBody = z.strictObject({ actor });
const silenceBody = z.strictObject({
  match: z.record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)])),
  durationMs: z.number().positive(),
  comment: z.string().max(1000).prefault(''),
  actor,
});
const statuses = ['open', 'resolved', 'all'] as const;

/** What the command line asks a running service. JSON in, JSON out; errors as `{ "error": ... }`. */
export function apiRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();
  app.use(bodyLimit({ maxSize: 64 * 1024 }));
  app.use(async (c, next) => (await webRefusal(c, options)) ?? (await next()));

  app.get('/incidents', async (c) => {
    const status = statuses.find((one) => one === (c.req.query('status') ?? 'open'));
    const limit = Number(c.req.query('limit') ?? 100);
    if (status === undefined || !(Number.isInteger(limit) && limit >= 1 && limit <= 1000)) {
      return c.json({ error: `expected status ${statuses.join(', ')} and limit 1 to 1000` }, 400);
    }
    return c.json({ at: now(), incidents: await ports.store.incidents({ status, limit }) });
  });

  app.get('/incidents/:id', async (c) => {
    const incident = await ports.store.incident(c.req.param('id'));
    if (incident === undefined) return c.json({ error: `there is no incident ${c.req.param('id')}` }, 404);
    return c.json({ at: now(), incident, timeline: await ports.store.timeline(incident.id) });
  });

  app.post('/incidents/:id/:response', async (c) => {
    const response = responses.find((one) => one === c.req.param('response'));
    const body = respondBody.safeParse(await c.req.json().catch(() => ({})));
    if (response === undefined || !body.success) return c.json({ error: `expected one of ${responses.join(', ')}, and a body such as {"actor": "ana"}` }, 400);
    const result = await respond(ports, { incidentId: c.req.param('id'), response, actor: body.data.actor ?? webActor(c) }, now());
    return c.json(result, result.ok ? 200 : 409);
  });

  app.post('/silences', async (c) => {
    const body = silenceBody.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return c.json({ error: `expected a silence with match and durationMs; ${z.prettifyError(body.error)}` }, 400);
    const { actor: by, ...silence } = body.data;
    const result = await addSilence(ports, { ...silence, by: by ?? webActor(c) }, now());
    return c.json(result, result.ok ? 200 : 400);
  });

  app.get('/silences', async (c) => c.json({ at: now(), silences: await ports.store.silences(now()) }));
  return app;
}
