import { Hono } from 'hono';
import { previewSilence } from '../../app/query/silence-preview.ts';
import { endEarly } from '../../app/respond/end-early.ts';
import { addSilence } from '../../app/respond/silence.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { act } from './act.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { silenceMadeDto } from './dto/action.ts';
import { silenceDto, silencePreviewDto, silencePreviewRequestSchema, silenceRequestSchema } from './dto/silence.ts';
import { timeOf } from './dto/time.ts';

/** `/silences`: lists active ones, creates one, ends one early, and says what one would match. */
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

/** `/silence-preview`: what a silence would match, which makes none. */
export function silencePreviewRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.post('/', async (c) => {
    const body = await readBody(c, silencePreviewRequestSchema, { example: '{"match": {"model": "churn"}}' });
    if (!body.ok) return body.refused;
    const preview = await previewSilence(ports, body.value.match);
    return preview.ok ? c.json({ at: timeOf(now()), ...silencePreviewDto(preview) }) : refusedAs(c, preview);
  });
  return app;
}
