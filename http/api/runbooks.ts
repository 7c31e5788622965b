import { Hono } from 'hono';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { runbookDto } from './dto/runbook.ts';

/** `/runbooks/:name`: what to do about a kind of failure, as text and as steps. */
export function runbookRoutes({ runbooks, now }: HttpOptions): Hono {
  const app = new Hono();
  app.get('/:name', (c) => {
    const name = c.req.param('name');
    const runbook = runbooks.get(name);
    if (runbook !== undefined) return c.json(runbookDto(runbook, now()));
    const near = nearest(name, [...runbooks.keys()]);
    return c.json({ error: `there is no runbook ${shown(name)}${near === undefined ? '' : `; did you mean ${near}?`}` }, 404);
  });
  return app;
}
