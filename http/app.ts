import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { ConflictError } from '../app/commit.ts';
import { JudgeError } from '../app/ports/rule-judge.ts';
import { StoreUnavailableError, StoreVersionError } from '../app/ports/store-errors.ts';
import { guard } from './guard.ts';
import { healthRoute } from './health.ts';
import { loggedPath } from './logged-path.ts';
import type { HttpOptions } from './options.ts';
import { noSniff, securityHeaders } from './security-headers.ts';
import { settled } from './settled.ts';
import { spans } from './spans.ts';
import { notDone, retryAfterSeconds } from './unavailable.ts';

/** All of Tocsin's HTTP: the same application behind a local server and behind Function URLs. */
export function httpApp(options: HttpOptions): Hono {
  const { ports, parts } = options;
  // Not strict: a path may end in a slash, as clients of other systems write it.
  const app = new Hono({ strict: false });
  app.use(spans(options));
  app.use(noSniff);
  if (options.unsettled !== undefined) app.use(settled({ unsettled: options.unsettled }));
  app.use(guard({ publicUrl: options.ports.config.settings.publicUrl, access: options.access }));
  // Senders are programs. Their responses skip browser headers, which would cost each request time.
  parts.ingest?.(app, options);
  app.use(securityHeaders(options));
  app.route('/', healthRoute(options));
  parts.slack?.(app, options);
  parts.people?.(app, options);
  app.notFound((c) => c.json({ error: `nothing found at ${c.req.method} ${c.req.path}` }, 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status < 500) {
      return c.json({ error: error.status === 413 ? 'the body is too large for this URL' : error.message }, error.status);
    }
    if (isCutOff(error, c)) {
      ports.log('info', 'a sender disconnected in the middle of its request', {
        method: c.req.method,
        path: loggedPath(c.req.path),
      });
      return c.json({ error: 'the body ended too early' }, 400);
    }
    if (error instanceof StoreUnavailableError) {
      c.header('Retry-After', String(retryAfterSeconds));
      return c.json({ error: notDone(error) }, 503);
    }
    if (error instanceof JudgeError) {
      ports.log('warn', 'a rule could not be judged on demand', {
        path: loggedPath(c.req.path),
        why: error.why,
        error: error.message,
      });
      if (error.why === 'late') return c.json({ error: error.message }, 504);
      c.header('Retry-After', String(retryAfterSeconds));
      return c.json({ error: error.message }, 503);
    }
    ports.log('error', 'a request failed', { method: c.req.method, path: loggedPath(c.req.path), error: String(error) });
    if (error instanceof StoreVersionError) {
      c.header('Retry-After', '60');
      return c.json({ error: 'the store was upgraded by a newer Tocsin, and this instance is disabled; retry later' }, 503);
    }
    if (error instanceof ConflictError) {
      c.header('Retry-After', '1');
      return c.json({ error: 'write conflict: others are changing the same thing; nothing changed, retry' }, 503);
    }
    return c.json({ error: 'internal error; see the log. Nothing accepted was lost' }, 500);
  });
  return app;
}

/** The sender disconnected in mid-body: not our fault, and nobody hears the response. */
const isCutOff = (error: Error, c: Context): boolean =>
  'code' in error && error.code === 'ECONNRESET' && c.req.raw.signal.aborted;
