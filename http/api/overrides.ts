import { Hono } from 'hono';
import { endEarly } from '../../app/respond/end-early.ts';
import { addOverride } from '../../app/respond/override.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { act } from './act.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { overrideDto, overrideRequestSchema } from './dto/override.ts';

/** `/overrides`: puts somebody else on call for a while, and ends that early. */
export function overrideRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.post('/', async (c) => {
    const body = await readBody(c, overrideRequestSchema, { example: '{"schedule": "ml", "assignee": "ben", "until": "4h"}' });
    if (!body.ok) return body.refused;
    const { actor, ...override } = body.value;
    const result = await addOverride(ports, { ...override, ...personOf(c, options, actor) }, now());
    return result.ok ? c.json({ message: result.message, override: overrideDto(result.override) }) : refusedAs(c, result);
  });

  app.post('/:id/end', (c) =>
    act(c, options, (person) => endEarly(ports, { kind: 'override', id: c.req.param('id'), ...person }, now())),
  );
  return app;
}
