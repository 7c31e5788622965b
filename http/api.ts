import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { readUndecided } from '../app/evaluate/undecided.ts';
import { promote, trainingsOverview } from '../app/ingest/serve.ts';
import { endEarly } from '../app/respond/end-early.ts';
import { configInForce } from '../app/respond/in-force.ts';
import { addOverride } from '../app/respond/override.ts';
import { respond } from '../app/respond/respond.ts';
import { addSilence } from '../app/respond/silence.ts';
import { evidenceSeen } from '../app/sources/evidence-seen.ts';
import { trailId } from '../core/access/audit-log.ts';
import type { Person } from '../core/access/permission.ts';
import { outward } from '../core/response/incidents/outward.ts';
import { responses } from '../core/response/incidents/respond.ts';
import { firingLines } from '../core/response/incidents/still-firing.ts';
import { onCallNow } from '../core/response/oncall/in-force.ts';
import { bodySize } from './body-size.ts';
import type { HttpOptions } from './options.ts';
import { webPerson, webRefusal } from './web-access.ts';

/** Shown in terminals and on pages. Nobody says here who they are to Slack or on the pages, or that they are Tocsin. */
const actor = z
  .string()
  .regex(/^(?!tocsin$|web$|web:|slack:|responder\/)\P{C}{1,100}$/u, {
    error: 'expected a name of up to 100 printed characters, not tocsin, and not one of Slack or the pages',
  })
  .optional();
const actorBody = z.strictObject({ actor });
const resolveBody = z.strictObject({ actor, force: z.boolean().optional() });
const silenceBody = z.strictObject({
  match: z.record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)])),
  durationMs: z.int().positive(),
  comment: z.string().max(1000).prefault(''),
  actor,
});
const said = z.string().min(1).max(100);
const overrideBody = z.strictObject({
  schedule: said,
  standIn: said,
  from: said.optional(),
  until: said,
  comment: z.string().max(1000).prefault(''),
  actor,
});
const statuses = ['open', 'resolved', 'all'] as const;

/** What the command line asks a running service. JSON in, JSON out; errors as `{ "error": ... }`. */
export function apiRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();
  app.use(bodySize({ maxSize: 64 * 1024 }));
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    return (await webRefusal(c, options)) ?? (await next());
  });

  app.get('/incidents', async (c) => {
    const status = statuses.find((one) => one === (c.req.query('status') ?? 'open'));
    const limit = Number(c.req.query('limit') ?? 100);
    if (status === undefined || !(Number.isInteger(limit) && limit >= 1 && limit <= 1000)) {
      return c.json({ error: `expected status ${statuses.join(', ')} and limit 1 to 1000` }, 400);
    }
    const synthetic = c.req.query('synthetic') === 'true';
    return c.json({ at: now(), incidents: (await ports.store.incidents({ status, limit, synthetic })).map(outward) });
  });

  app.get('/incidents/:id', async (c) => {
    const incident = await ports.store.incident(c.req.param('id'));
    if (incident === undefined) return c.json({ error: `there is no incident ${c.req.param('id')}` }, 404);
    return c.json({ at: now(), incident: outward(incident), timeline: await ports.store.timeline(incident.id) });
  });

  app.post('/incidents/:id/:response', async (c) => {
    const response = responses.find((one) => one === c.req.param('response'));
    if (response === undefined) return c.json({ error: `expected one of ${responses.join(', ')}` }, 404);
    const incidentId = c.req.param('id');
    if (response !== 'resolve') return acted(c, (person) => respond(ports, { incidentId, response, ...person }, now()));
    const body = resolveBody.safeParse(jsonOf(await c.req.text(), {}));
    if (!body.success) {
      const expected = 'expected no body, or one such as {"actor": "ana", "force": true}';
      return c.json({ error: `${expected}; ${z.prettifyError(body.error)}` }, 400);
    }
    const confirmed = body.data.force === true ? { force: true as const } : undefined;
    const { firing, ...result } = await respond(
      ports,
      { incidentId, response, confirmed, ...personOf(c, body.data.actor) },
      now(),
    );
    if (firing === undefined) return c.json(result, result.ok ? 200 : 409);
    const { critical, warn, alerts } = firing;
    return c.json({ ...result, stillFiring: { critical, warn, alerts, lines: firingLines(firing) } }, 409);
  });

  app.post('/silences', async (c) => {
    const body = silenceBody.safeParse(jsonOf(await c.req.text(), undefined));
    if (!body.success)
      return c.json({ error: `expected a silence with match and durationMs; ${z.prettifyError(body.error)}` }, 400);
    const { actor: name, ...silence } = body.data;
    const result = await addSilence(ports, { ...silence, ...personOf(c, name) }, now());
    return c.json(result, result.ok ? 200 : 400);
  });

  app.get('/baselines', async (c) => {
    return c.json({ at: now(), ...(await trainingsOverview(ports)) });
  });

  app.post('/baselines/:source/:version/promote', (c) => {
    const { source, version } = c.req.param();
    return acted(c, (person) => promote(ports, { source, modelVersion: version, ...person }, now()));
  });

  app.get('/silences', async (c) => c.json({ at: now(), silences: await ports.store.silences(now()) }));
  app.get('/evidence', async (c) => c.json({ at: now(), rules: await evidenceSeen(ports.store, ports.config, now()) }));
  app.get('/undecided', async (c) => c.json({ at: now(), rules: await readUndecided(ports) }));
  app.get('/oncall', async (c) => {
    const [config, overrides] = await Promise.all([configInForce(ports, now()), ports.store.overrides(now())]);
    return c.json({ at: now(), oncall: onCallNow(config, now()), overrides });
  });

  app.post('/overrides', async (c) => {
    const body = overrideBody.safeParse(jsonOf(await c.req.text(), undefined));
    if (!body.success) {
      const expected = 'expected an override such as {"schedule": "ml", "standIn": "ben", "until": "4h"}';
      return c.json({ error: `${expected}; ${z.prettifyError(body.error)}` }, 400);
    }
    const { actor: name, ...override } = body.data;
    const result = await addOverride(ports, { ...override, ...personOf(c, name) }, now());
    return c.json(result, result.ok ? 200 : 400);
  });

  for (const what of ['silences', 'overrides'] as const) {
    app.post(`/${what}/:id/end`, (c) => acted(c, (person) => endEarly(ports, { id: c.req.param('id'), ...person }, now())));
  }

  app.get('/trail', async (c) => c.json({ at: now(), trail: await ports.store.timeline(trailId) }));
  return app;

  /** What a person does of whom the body may say no more than the name. */
  async function acted(c: Context, act: (person: Person) => Promise<{ ok: boolean; message: string }>): Promise<Response> {
    const body = actorBody.safeParse(jsonOf(await c.req.text(), {}));
    if (!body.success)
      return c.json({ error: `expected no body, or one such as {"actor": "ana"}; ${z.prettifyError(body.error)}` }, 400);
    const result = await act(personOf(c, body.data.actor));
    return c.json(result, result.ok ? 200 : 409);
  }

  function personOf(c: Context, name: string | undefined): Person {
    const person = webPerson(c, options);
    return name === undefined ? person : { ...person, actor: name };
  }
}

/** What is no JSON is undefined, which every schema refuses. */
function jsonOf(text: string, empty: unknown): unknown {
  if (text.trim() === '') return empty;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
