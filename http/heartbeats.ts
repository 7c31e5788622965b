import { type Context, Hono } from 'hono';
import { noHeartbeat, reportHeartbeat } from '../app/ingest/report-heartbeat.ts';
import { readReport } from '../core/alerting/heartbeats/read-report.ts';
import { bodySize } from './body-size.ts';
import { bodyText } from './body-text.ts';
import { ingestAccess } from './ingest-access.ts';
import { takenOrWhy } from './ingest-answer.ts';
import type { HttpOptions } from './options.ts';

/** The body is the log of a job, of which the end is kept. */
export const maxLogBytes = 1024 * 1024;

/**
 * `POST /v1/heartbeats/NAME/STATE`, where STATE is `start`, `progress`, `success`, `fail` or an
 * exit code; without it `success`. The body is what the job printed, and everything else is in the
 * URL, as suits curl in a crontab. Only POST: with no key configured on one machine, a GET could be
 * made by any web page that somebody there looks at.
 */
export function heartbeatRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  app.use(
    '/heartbeats/*',
    bodySize({
      maxSize: maxLogBytes,
      onError: (c) => c.json({ error: `expected at most ${maxLogBytes} bytes; send the end of the log` }, 413),
    }),
  );
  const report = async (c: Context): Promise<Response> => {
    const access = await allowed(c, { scope: 'heartbeats', source: undefined });
    if ('refused' in access) return access.refused;
    return takenOrWhy(c, async () => {
      const name = c.req.param('name') ?? '';
      const { text } = await bodyText(c);
      const read = readReport({ state: c.req.param('state') ?? 'success', query: c.req.queries(), log: text, at: options.now() });
      if (!read.ok) return c.json({ error: read.error }, 400);
      const taken = await reportHeartbeat(access.ports, name, read.report);
      if (taken === undefined) return c.json({ error: noHeartbeat(access.ports, name) }, 404);
      return c.json({ heartbeat: name, state: read.report.state, counted: taken.isNew });
    });
  };
  const sendPost = (c: Context): Response =>
    c.json({ error: `a report of a job is a POST; received ${c.req.method}; send POST` }, 405, { Allow: 'POST' });
  app.get('/heartbeats/:name', sendPost);
  app.get('/heartbeats/:name/:state', sendPost);
  app.post('/heartbeats/:name', report);
  app.post('/heartbeats/:name/:state', report);
  return app;
}
