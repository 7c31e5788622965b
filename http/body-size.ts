import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';

type BodySize = { maxSize: number; onError?: (c: Context) => Response | Promise<Response> };

/**
 * Refuses a body above `maxSize` bytes, with `onError` or the default text. Only checks a declared
 * length and does not touch the body: hono's `bodyLimit` turns every body into a stream, which
 * costs more than the rest of a small request. HTTP ensures that a body is no longer than declared.
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
