import { type Context, Hono } from 'hono';
import { receiversOf } from '../../../core/response/escalation/receivers.ts';
import { exposed, expositions } from '../../../core/selfcheck/metrics/exposition.ts';
import { maxBodyBytes } from '../../api/routes.ts';
import { bodySize } from '../../body-size.ts';
import type { HttpOptions } from '../../options.ts';
import { webRefusal } from '../../web-access.ts';
import { listAlerts, listGroups } from './alerts.ts';
import { expireSilence, listSilences, postSilence, showSilence } from './silences.ts';
import { alertmanagerBuildInfo, status } from './status.ts';

/** What a config reload would need is a restart; nobody is told that one was done. */
const reloadText =
  'Tocsin reads its config when it starts, and nothing was reloaded: restart it, or deploy it again on AWS. `tocsin check` reads the config without that.\n';

/**
 * What people and their programs ask an Alertmanager: alerts, groups, silences, receivers, status,
 * also below `/alerts/SOURCE`, where alerts are those of one source. Whoever asks signs in as for
 * the API; a key that sends alerts does not suffice.
 */
export function alertmanagerRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const startedAt = options.now();
  type Answer = (c: Context) => Response | Promise<Response>;
  const asked =
    (answer: Answer) =>
    async (c: Context): Promise<Response> => {
      c.header('Cache-Control', 'no-store');
      return (await webRefusal(c, options)) ?? answer(c);
    };
  const limit = bodySize({ maxSize: maxBodyBytes });
  const sourceOf = (c: Context): string | undefined => c.req.param('source');
  for (const prefix of ['', '/alerts/:source']) {
    const at = (path: string): string => `${prefix}/api/v2${path}`;
    app.get(
      at('/alerts'),
      asked((c) => listAlerts(c, options, sourceOf(c))),
    );
    app.get(
      at('/alerts/groups'),
      asked((c) => listGroups(c, options, sourceOf(c))),
    );
    app.get(
      at('/silences'),
      asked((c) => listSilences(c, options)),
    );
    app.post(
      at('/silences'),
      limit,
      asked((c) => postSilence(c, options)),
    );
    app.get(
      at('/silence/:id'),
      asked((c) => showSilence(c, options)),
    );
    app.delete(
      at('/silence/:id'),
      asked((c) => expireSilence(c, options)),
    );
    app.get(
      at('/receivers'),
      asked((c) => c.json(receiversOf(options.ports.config).map((name) => ({ name })))),
    );
    app.get(
      at('/status'),
      asked((c) => c.json(status(options, startedAt))),
    );
    app.post(`${prefix}/-/reload`, (c) => c.text(reloadText, 501));
  }
  // At the root it stands among Tocsin's own metrics.
  const buildInfo = exposed([alertmanagerBuildInfo(options)], 'text');
  app.get('/alerts/:source/metrics', (c) => c.body(buildInfo, 200, { 'Content-Type': expositions.text }));
  return app;
}
