import { Hono } from 'hono';
import * as z from 'zod';
import { endEarly } from '../../app/respond/end-early.ts';
import { addOverride } from '../../app/respond/override.ts';
import type { HttpOptions } from '../options.ts';
import { act } from './act.ts';
import { actorSchema, personOf } from './actor.ts';
import { readBody } from './body.ts';

const name = z.string().min(1).max(100);
const overrideBody = z.strictObject({
  schedule: name,
  assignee: name,
  from: name.optional(),
  until: name,
  comment: z.string().max(1000).prefault(''),
  actor: actorSchema,
});

/** Below `/overrides`: puts somebody else on call for a time, and ends that early. */
export function overrideRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.post('/', async (c) => {
    const body = await readBody(c, overrideBody, { example: '{"schedule": "ml", "assignee": "ben", "until": "4h"}' });
    if (!body.ok) return body.refused;
    const { actor, ...override } = body.value;
    const result = await addOverride(ports, { ...override, ...personOf(c, options, actor) }, now());
    return c.json(result, result.ok ? 200 : 400);
  });

  app.post('/:id/end', (c) => act(c, options, (person) => endEarly(ports, { id: c.req.param('id'), ...person }, now())));
  return app;
}
