import { type Context, Hono } from 'hono';
import { ingestAlerts } from '../app/ingest/ingest-alerts.ts';
import { ingestDocument } from '../app/ingest/ingest-document.ts';
import { ingestMapped } from '../app/ingest/ingest-mapped.ts';
import { intakeNames, intakeOf } from '../core/alerting/intakes/intake.ts';
import { longestOption } from '../core/alerting/intakes/intake-options.ts';
import type { Mapping } from '../core/alerting/intakes/mapping/mapping-schema.ts';
import { shown } from '../core/vocabulary/shown.ts';
import { alertsAnswer } from './alerts-answer.ts';
import { bodySize } from './body-size.ts';
import { ingestAccess } from './ingest-access.ts';
import { answerIngest, maxBodyBytes } from './ingest-answer.ts';
import type { HttpOptions } from './options.ts';

/**
 * What Prometheus expects of an Alertmanager: `POST /api/v2/alerts`, also below `/alerts/SOURCE`
 * (its `path_prefix`) if several sources accept alerts. 200: all accepted; the body is empty, or
 * says what was cut, ignored or not understood. 400: the listed ones were refused, the others
 * accepted. 401, 403, 429: the key. 413: too large. 503: not all accepted; resend.
 *
 * `POST /v1/alerts/FORMAT` takes the formats of other systems, one document a request, and answers
 * alike. A format is built in, or a mapping of the config.
 */
export function alertsRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  const limit = bodySize({
    maxSize: maxBodyBytes,
    onError: (c) => c.json({ error: `expected at most ${maxBodyBytes} bytes; send the alerts in several requests` }, 413),
  });
  app.post('/v1/alerts/:format', limit, async (c) => {
    const format = c.req.param('format');
    const { intakes } = options.ports.config;
    const asked = c.req.query('source');
    const access = await allowed(c, { scope: 'alerts', source: asked });
    if ('refused' in access) return access.refused;
    // Mappings of sources that a key may not send to are nobody's business who has it.
    const isSeen = ({ source }: Mapping): boolean =>
      asked !== undefined || source === undefined || Object.hasOwn(access.ports.config.sources, source);
    const named = Object.hasOwn(intakes, format) ? intakes[format] : undefined;
    const mapping = named !== undefined && isSeen(named) ? named : undefined;
    const source = asked ?? mapping?.source;
    if (mapping !== undefined) {
      return answerIngest(c, access.sender, async (body) =>
        alertsAnswer(c, await ingestMapped(access.ports, mapping, source, body, options.now())),
      );
    }
    const intake = intakeOf(format);
    if (intake === undefined) {
      const own = Object.entries(intakes).flatMap(([name, one]) =>
        isSeen(one) && (asked === undefined || one.source === asked) ? [name] : [],
      );
      const formats = [...intakeNames, ...own].join(', ');
      return c.json({ error: `expected one of ${formats} after /v1/alerts/; received ${shown(format)}` }, 404);
    }
    const { dataset, model } = c.req.query();
    for (const [name, text = ''] of Object.entries({ dataset, model }))
      if (text.length > longestOption)
        return c.json({ error: `${name}: expected at most ${longestOption} characters; received ${text.length}` }, 400);
    return answerIngest(c, access.sender, async (body) =>
      alertsAnswer(c, await ingestDocument(access.ports, intake, source, body, { dataset, model }, options.now())),
    );
  });
  for (const prefix of ['', '/alerts/:source']) {
    const sourceOf = (c: Context): string | undefined => c.req.param('source') ?? c.req.query('source');
    app.post(`${prefix}/api/v2/alerts`, limit, async (c) => {
      const source = sourceOf(c);
      const access = await allowed(c, { scope: 'alerts', source });
      if ('refused' in access) return access.refused;
      return answerIngest(c, access.sender, async (body) => {
        return alertsAnswer(c, await ingestAlerts(access.ports, source, body, options.now()));
      });
    });
    for (const probe of ['ready', 'healthy']) app.get(`${prefix}/-/${probe}`, (c) => c.text('OK'));
  }
  return app;
}
