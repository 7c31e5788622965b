import { compress } from 'hono/compress';
import { apiRoutes } from '../api/routes.ts';
import { alertmanagerRoutes } from '../compat/alertmanager/routes.ts';
import { consoleRoutes } from '../console/routes.ts';
import { metricsRoute } from '../metrics.ts';
import { openApiRoute } from '../openapi/served.ts';
import type { Judge, Part } from '../options.ts';
import { acknowledgeRoutes } from '../pages/acknowledge.ts';
import { chartPictureRoutes } from '../pages/chart-picture.ts';
import { pageRoutes } from '../pages/routes.ts';
import { signInRoutes } from '../sign-in/routes.ts';

/** What people call: the API (also used by the command line), its document, and the pages. */
export const peoplePart =
  (judge: Judge): Part =>
  (app, options) => {
    // Senders are answered before this: their answers are small. Streams of events are left as they
    // are.
    app.use(compress());
    app.route('/', openApiRoute(options));
    // Before the API, which refuses whatever is below its address and not its own.
    app.route('/', metricsRoute(options));
    app.route('/', alertmanagerRoutes(options));
    const api = apiRoutes(options, judge);
    app.route('/api', api);
    app.route('/', signInRoutes(options));
    app.route('/', acknowledgeRoutes(options));
    app.route('/', chartPictureRoutes(options));
    app.route('/', pageRoutes(options, api));
    // After the pages, which are complete without scripts and have some of the same addresses.
    app.route('/', consoleRoutes(options, api));
  };
