import type { MiddlewareHandler } from 'hono';
import type { HttpOptions } from './options.ts';
import { retryAfterSeconds } from './unavailable.ts';

/**
 * No request is answered before what it was decided by is on disk: it may have found something done
 * that another one is still flushing, such as an alert that is known already.
 */
export function settled({ unsettled }: Required<Pick<HttpOptions, 'unsettled'>>): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return undefined;
    const flush = unsettled();
    if (flush === undefined) return undefined;
    try {
      await flush;
      return undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      c.res = c.json({ error: `a power cut would lose this: ${why}; send it again` }, 503, {
        'Retry-After': String(retryAfterSeconds),
      });
      return undefined;
    }
  };
}
