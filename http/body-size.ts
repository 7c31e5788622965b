import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';

type BodySize = { maxSize: number; onError?: (c: Context) => Response | Promise<Response> };

/**
 * Refuses a body of more than `maxSize` bytes with what `onError` answers, or with the words that the application has for it. A body whose length is told is not looked at here: as a
 * stream, which hono's own `bodyLimit` makes of every body, it would cost more than all the rest of a small request. HTTP lets
 * no body be longer than the length that is told of it.
 */
export function bodySize({ maxSize, onError = tooLarge }: BodySize): MiddlewareHandler {
  const streamed = bodyLimit({ maxSize, onError });
  return async (c, next) => {
    const told = c.req.header('content-length');
    if (told === undefined || !/^\d+$/.test(told) || c.req.header('transfer-encoding') !== undefined) return streamed(c, next);
    return Number(told) > maxSize ? onError(c) : next();
  };
}

function tooLarge(): never {
  throw new HTTPException(413);
}
