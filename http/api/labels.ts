import { Hono } from 'hono';
import { labelOf, labelsSeen } from '../../app/sources/labels-seen.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { labelRecordDto, sourceLabelsDto } from './dto/labels.ts';
import { timeOf } from './dto/time.ts';

/** What `/labels` looks back. */
export const labelsSpanMs = 7 * 86_400_000;

/**
 * `/labels`: coverage, delay, unmatched and corrected labels of each model; and what is known of
 * one id.
 */
export function labelRoutes({ ports, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const at = now();
    const seen = await labelsSeen(ports, at, labelsSpanMs);
    return c.json({ at: timeOf(at), sources: seen.map(sourceLabelsDto) });
  });
  app.get('/:source/:id', async (c) => {
    const { source, id } = c.req.param();
    const at = now();
    const found = await labelOf(ports.store, source, id, at);
    if (found === undefined) return c.json({ error: unknownLabel(source, id) }, 404);
    return c.json(labelRecordDto(found, at));
  });
  return app;
}

export const unknownLabel = (source: string, id: string): string =>
  `nothing is known of a prediction ${shown(id)} of ${shown(source)}: it was never sent with this id, or more than labelWait ago`;
