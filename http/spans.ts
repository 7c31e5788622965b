import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Span } from '../app/ports/tracer.ts';
import type { HttpOptions } from './options.ts';

/**
 * Traces a request as part of the sender's trace. Behind a Function URL the invocation already is
 * that span, and gets the request attributes. Named by route, never by path, which has ids and is
 * the client's choice.
 */
export function spans({ ports: { tracer } }: HttpOptions) {
  return createMiddleware(async (c, next) => {
    if (tracer === undefined) return next();
    const answered = async (span: Span): Promise<void> => {
      await next();
      // The route of the handler that answered: the last one that ran.
      const route = routePath(c);
      span.rename(`${c.req.method} ${route}`);
      span.set({
        'http.request.method': c.req.method,
        'http.route': route,
        'http.response.status_code': c.res.status,
      });
      if (c.res.status >= 500) span.failed(String(c.res.status));
    };
    const invocation = tracer.active();
    if (invocation !== undefined) return answered(invocation);
    return tracer.span('request', { kind: 'server', parent: c.req.header('traceparent') }, answered);
  });
}
