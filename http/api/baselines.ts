import { Hono } from 'hono';
import { promote, trainingsOverview } from '../../app/ingest/serve.ts';
import type { HttpOptions } from '../options.ts';
import { act } from './act.ts';

/** Below `/baselines`: what versions of models were trained on, and which of them serve. */
export function baselineRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', async (c) => c.json({ at: now(), ...(await trainingsOverview(ports)) }));

  app.post('/:source/:version/promote', (c) => {
    const { source, version } = c.req.param();
    return act(c, options, (person) => promote(ports, { source, modelVersion: version, ...person }, now()));
  });
  return app;
}
