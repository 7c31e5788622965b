import type { MiddlewareHandler } from 'hono';

/** A refusal of ours: its status, and what it says. */
export type Refusal = { status: number; text: string };

/**
 * Rewrites refusals, `{ "error": ... }` as all of ingest has them, as the clients of another system
 * expect them. Headers such as `Retry-After` stay.
 */
export function inShape(shape: (refusal: Refusal) => { status: number; body: object }): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (c.res.status < 400) return;
    const sent = (await c.res
      .clone()
      .json()
      .catch(() => undefined)) as { error?: unknown } | undefined;
    if (typeof sent?.error !== 'string') return;
    const { status, body } = shape({ status: c.res.status, text: sent.error });
    const headers = new Headers(c.res.headers);
    headers.delete('Content-Length');
    // A browser is never asked for a password here.
    headers.delete('WWW-Authenticate');
    c.res = undefined;
    c.res = new Response(JSON.stringify(body), { status, headers });
  };
}
