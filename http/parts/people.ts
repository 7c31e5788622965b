import type { Hono } from 'hono';
import { apiRoutes } from '../api/routes.ts';
import { openApiRoute } from '../openapi/served.ts';
import type { HttpOptions } from '../options.ts';
import { pageRoutes } from '../pages/routes.ts';

/** What people call: the API (also used by the command line), its document, and the pages. */
export function peoplePart(app: Hono, options: HttpOptions): void {
  app.route('/', openApiRoute(options));
  app.route('/api', apiRoutes(options));
  app.route('/', pageRoutes(options));
}
