import { Hono } from 'hono';
import * as z from 'zod';
import { endEarly } from '../../app/respond/end-early.ts';
import { addSilence } from '../../app/respond/silence.ts';
import type { HttpOptions } from '../options.ts';
import { act } from './act.ts';
import { actorSchema, personOf } from './actor.ts';
import { readBody } from './body.ts';

const silenceBody = z.strictObject({
  match: z.record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)])),
  durationMs: z.int().positive(),
  comment: z.string().max(1000).prefault(''),
  actor: actorSchema,
});

/** Below `/silences`: lists those that have not ended, makes one, and ends one early. */
export function silenceRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', async (c) => c.json({ at: now(), silences: await ports.store.silences(now()) }));

  app.post('/', async (c) => {
    const body = await readBody(c, silenceBody, { example: '{"match": {"model": "churn"}, "durationMs": 3600000}' });
    if (!body.ok) return body.refused;
    const { actor: name, ...silence } = body.value;
    const result = await addSilence(ports, { ...silence, ...personOf(c, options, name) }, now());
    return c.json(result, result.ok ? 200 : 400);
  });

  app.post('/:id/end', (c) => act(c, options, (person) => endEarly(ports, { id: c.req.param('id'), ...person }, now())));
  return app;
}
