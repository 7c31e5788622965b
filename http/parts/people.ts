import type { Hono } from 'hono';
import { apiRoutes } from '../api/routes.ts';
import { openApiRoute } from '../openapi/served.ts';
import type { HttpOptions } from '../options.ts';
import { pageRoutes } from '../pages/routes.ts';

/** What people call: the API, which the command line asks as well, the document about it, and the pages. */
export function peoplePart(app: Hono, options: HttpOptions): void {
  app.route('/', openApiRoute());
  app.route('/api', apiRoutes(options));
  app.route('/', pageRoutes(options));
}
