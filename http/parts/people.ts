import { apiRoutes } from '../api/routes.ts';
import { openApiRoute } from '../openapi/served.ts';
import type { Judge, Part } from '../options.ts';
import { pageRoutes } from '../pages/routes.ts';

/** What people call: the API (also used by the command line), its document, and the pages. */
export const peoplePart =
  (judge: Judge): Part =>
  (app, options) => {
    app.route('/', openApiRoute(options));
    app.route('/api', apiRoutes(options, judge));
    app.route('/', pageRoutes(options));
  };
