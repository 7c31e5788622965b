import { Hono } from 'hono';
import { promote, trainingsOverview } from '../../app/ingest/serve.ts';
import { acceptBaseline } from '../../app/respond/accept.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { act } from './act.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { acceptedDto, acceptRequestSchema } from './dto/accepted.ts';
import { timeOf } from './dto/time.ts';
import { servingDto, trainingsDto } from './dto/training.ts';

/**
 * `/baselines`: what model versions were trained on, which ones serve, and what is accepted as
 * normal since.
 */
export function baselineRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', async (c) => {
    return c.json({ at: timeOf(now()), ...trainingsDto(await trainingsOverview(ports)) });
  });

  app.post('/:source/:version/promote', (c) => {
    const { source, version } = c.req.param();
    return act(
      c,
      options,
      (person) => promote(ports, { source, modelVersion: version, ...person }, now()),
      ({ serving }) => ({ serving: servingDto(serving) }),
    );
  });
  return app;
}

/** `/accepted-baselines`: what drift is from then on compared with. */
export function acceptedBaselineRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();
  app.post('/', async (c) => {
    const body = await readBody(c, acceptRequestSchema, { example: '{"rule": "inputs-drift", "comment": "a new supplier"}' });
    if (!body.ok) return body.refused;
    const { actor, window: windowMs, ...asked } = body.value;
    const result = await acceptBaseline(
      ports,
      { ...asked, rule: asRuleId(asked.rule), windowMs, ...personOf(c, options, actor) },
      now(),
    );
    return result.ok ? c.json({ message: result.message, accepted: result.accepted.map(acceptedDto) }) : refusedAs(c, result);
  });
  return app;
}
