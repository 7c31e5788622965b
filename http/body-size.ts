import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/**
 * Refuses a body of more than `maxSize` bytes with what `onError` answers. A body whose length is told is not looked at here: as a
 * stream, which hono's own `bodyLimit` makes of every body, it would cost more than all the rest of a small request. HTTP lets
 * no body be longer than the length that is told of it.
 */
export function bodySize(options: { maxSize: number; onError: (c: Context) => Response | Promise<Response> }): MiddlewareHandler {
  const streamed = bodyLimit(options);
  return async (c, next) => {
    const told = c.req.header('content-length');
    if (told === undefined || !/^\d+$/.test(told) || c.req.header('transfer-encoding') !== undefined) return streamed(c, next);
    return Number(told) > options.maxSize ? options.onError(c) : next();
  };
}
