import { Hono } from 'hono';
import { endEarly } from '../../app/respond/end-early.ts';
import { addSilence } from '../../app/respond/silence.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { act } from './act.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { silenceMadeDto } from './dto/action.ts';
import { silenceDto, silenceRequestSchema } from './dto/silence.ts';
import { timeOf } from './dto/time.ts';

/** `/silences`: lists active ones, creates one, and ends one early. */
export function silenceRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/', async (c) => c.json({ at: timeOf(now()), silences: (await ports.store.silences(now())).map(silenceDto) }));

  app.post('/', async (c) => {
    const body = await readBody(c, silenceRequestSchema, { example: '{"match": {"model": "churn"}, "durationMs": 3600000}' });
    if (!body.ok) return body.refused;
    const { actor, ...silence } = body.value;
    const result = await addSilence(ports, { ...silence, ...personOf(c, options, actor) }, now());
    return result.ok ? c.json(silenceMadeDto(result)) : refusedAs(c, result);
  });

  app.post('/:id/end', (c) =>
    act(c, options, (person) => endEarly(ports, { kind: 'silence', id: c.req.param('id'), ...person }, now())),
  );
  return app;
}
