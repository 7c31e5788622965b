import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Span } from '../app/ports/tracer.ts';
import type { HttpOptions } from './options.ts';

/**
 * A request as a span of the sender's trace. Behind a Function URL the invocation is that span already, and only learns what was
 * asked for. It is named by the route, never by the path, which has ids in it and is what a stranger makes it.
 */
export function spans({ ports: { tracer } }: HttpOptions) {
  return createMiddleware(async (c, next) => {
    if (tracer === undefined) return next();
    const answered = async (span: Span): Promise<void> => {
      await next();
      // That of the handler that answered, which was the last one to run.
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
