import { Hono } from 'hono';
import { promote, trainingsOverview } from '../../app/ingest/serve.ts';
import type { HttpOptions } from '../options.ts';
import { act } from './act.ts';
import { timeOf } from './dto/time.ts';
import { servingDto, trainingDto } from './dto/training.ts';

/** `/baselines`: what model versions were trained on, and which ones serve. */
export function baselineRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', async (c) => {
    const { trainings, serving } = await trainingsOverview(ports);
    return c.json({ at: timeOf(now()), trainings: trainings.map(trainingDto), serving: serving.map(servingDto) });
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
