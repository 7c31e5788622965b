import { type Context, Hono } from 'hono';
import { ingestAlerts } from '../app/ingest/ingest-alerts.ts';
import { answerOf, countOf } from '../core/telemetry/samples/refusals.ts';
import { bodySize } from './body-size.ts';
import { ingestAccess } from './ingest-access.ts';
import { answerIngest, maxBodyBytes } from './ingest-answer.ts';
import type { HttpOptions } from './options.ts';

/**
 * What Prometheus expects of an Alertmanager: `POST /api/v2/alerts`, also below `/alerts/SOURCE`
 * (its `path_prefix`) if several sources accept alerts. 200: all accepted; the body is empty, or
 * says what was cut, ignored or not understood. 400: the listed ones were refused, the others accepted.
 * 401, 403, 429: the key. 413: too large. 503: not all accepted; resend.
 */
export function alertsRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  const startedAt = options.now();
  const limit = bodySize({
    maxSize: maxBodyBytes,
    onError: (c) => c.json({ error: `expected at most ${maxBodyBytes} bytes; send the alerts in several requests` }, 413),
  });
  for (const prefix of ['', '/alerts/:source']) {
    const sourceOf = (c: Context): string | undefined => c.req.param('source') ?? c.req.query('source');
    app.post(`${prefix}/api/v2/alerts`, limit, async (c) => {
      const source = sourceOf(c);
      const access = await allowed(c, { scope: 'alerts', source });
      if ('refused' in access) return access.refused;
      return answerIngest(c, access.sender, async (body) => {
        const result = await ingestAlerts(access.ports, source, body, options.now());
        const { accepted, ignored, rejected, cut, defaulted } = result;
        const told = {
          ...(ignored === 0 ? {} : { ignored }),
          ...(countOf(cut) === 0 ? {} : { cut: countOf(cut), cuts: cut.rejected }),
          ...(countOf(defaulted) === 0 ? {} : { defaulted: countOf(defaulted), defaults: defaulted.rejected }),
        };
        if (rejected.length > 0) return c.json({ accepted, ...answerOf(result), ...told }, 400);
        return Object.keys(told).length > 0 ? c.json({ accepted, ...told }, 200) : c.body(null, 200);
      });
    });
    app.get(`${prefix}/api/v2/status`, async (c) => {
      const access = await allowed(c, { scope: 'alerts', source: sourceOf(c) });
      return 'refused' in access ? access.refused : c.json(status(startedAt));
    });
    for (const probe of ['ready', 'healthy']) app.get(`${prefix}/-/${probe}`, (c) => c.text('OK'));
  }
  return app;
}

/**
 * The required fields of Alertmanager's `alertmanagerStatus`. There is no cluster, and the config
 * is not shown.
 */
function status(startedAt: number) {
  const version = { version: 'tocsin', revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' };
  return {
    cluster: { status: 'disabled', peers: [] },
    versionInfo: version,
    config: { original: '' },
    uptime: new Date(startedAt).toISOString(),
  };
}
