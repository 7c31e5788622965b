import { type Context, Hono } from 'hono';
import { IngestError } from '../../../app/ingest/ingest-result.ts';
import { type EventTaken, takeEvent } from '../../../app/ingest/take-event.ts';
import type { AlertEvent } from '../../../core/alerting/intakes/events/alert-event.ts';
import {
  aliasIdentity,
  longestAlias,
  readOpsgenieAlert,
  readOpsgenieNote,
} from '../../../core/alerting/intakes/events/opsgenie.ts';
import { asFingerprint } from '../../../core/vocabulary/ids.ts';
import { shown } from '../../../core/vocabulary/shown.ts';
import { bodySize } from '../../body-size.ts';
import { type IngestAccess, ingestAccess } from '../../ingest-access.ts';
import { answerIngest } from '../../ingest-answer.ts';
import type { HttpOptions } from '../../options.ts';
import { maxEventBytes } from '../event-bytes.ts';
import { inShape } from '../in-shape.ts';
import { readJson } from '../read-json.ts';
import { senderOf } from '../sender-of.ts';
import { readRequestId, requestIdOf } from './request-id.ts';

/** What may be done to an alert, by the end of its address. */
const deeds = {
  close: (alias, note): AlertEvent => ({ kind: 'resolve', identity: aliasIdentity(alias), note }),
  acknowledge: (alias, note): AlertEvent => ({ kind: 'acknowledge', identity: aliasIdentity(alias), note }),
  notes: (alias, note): AlertEvent => {
    if (note === undefined) throw new IngestError('body', 'note: expected a text that is not empty');
    return { kind: 'note', identity: aliasIdentity(alias), note };
  },
} satisfies Record<string, (alias: string, note: string | undefined) => AlertEvent>;

/**
 * Opsgenie's Alert API: `POST /v2/alerts`, `/v2/alerts/ALIAS/close`, `/acknowledge`, `/notes`, and
 * `GET /v2/alerts/requests/ID`, also below `/alerts/SOURCE`. The key of a sender is the API key
 * (`Authorization: GenieKey`). 202 with `requestId`; refusals are `{ message, took, requestId }`.
 */
export function opsgenieRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  const limit = bodySize({
    maxSize: maxEventBytes,
    onError: (c) => c.json({ error: `expected at most ${maxEventBytes} bytes` }, 413),
  });
  const shape = inShape(({ status, text }) => ({
    status: status === 400 ? 422 : status,
    body: { message: text, took: 0, requestId: requestIdOf('refused', '', false, options.now()) },
  }));
  for (const prefix of ['', '/alerts/:source']) {
    app.post(`${prefix}/v2/alerts`, shape, limit, (c) =>
      withKey(c, (access, source) =>
        answerIngest(c, access.sender, async (body) => {
          const read = readOpsgenieAlert(readJson(body), access.ports.sha256);
          if (!read.ok) return c.json({ error: read.error }, 400);
          return taken(c, 'create', await take(access, source, read.event));
        }),
      ),
    );
    for (const [name, deed] of Object.entries(deeds)) {
      app.post(`${prefix}/v2/alerts/:identifier/${name}`, shape, limit, (c) =>
        withKey(c, (access, source) =>
          answerIngest(c, access.sender, async (body) => {
            const alias = await aliasOf(c, access);
            const note = body.text.trim() === '' ? undefined : readOpsgenieNote(readJson(body));
            return taken(c, name, await take(access, source, deed(alias, note)));
          }),
        ),
      );
    }
    app.get(`${prefix}/v2/alerts/requests/:id`, shape, (c) => withKey(c, async () => requestStatus(c)));
  }
  return app;

  async function withKey(
    c: Context,
    answer: (access: Extract<IngestAccess, { sender: string }>, source: string | undefined) => Promise<Response>,
  ): Promise<Response> {
    const source = c.req.param('source') ?? c.req.query('source');
    const access = await allowed(c, { scope: 'alerts', source });
    return 'refused' in access ? access.refused : answer(access, source);
  }

  function take(access: Extract<IngestAccess, { sender: string }>, source: string | undefined, event: AlertEvent) {
    return takeEvent(access.ports, source, event, senderOf(access), options.now());
  }

  function taken(c: Context, action: string, { fingerprint, done, message }: EventTaken): Response {
    const requestId = requestIdOf(action, fingerprint, done, options.now());
    return c.json({ result: `Request processed: ${message}`, took: 0, requestId }, 202);
  }

  function requestStatus(c: Context): Response {
    const id = c.req.param('id') ?? '';
    const request = readRequestId(id);
    if (request === undefined) return c.json({ error: `there is no request ${shown(id)}` }, 404);
    const { action, fingerprint, done, at } = request;
    return c.json({
      data: {
        success: done,
        isSuccess: done,
        action,
        processedAt: new Date(at).toISOString(),
        integrationId: 'tocsin',
        status: done ? `${action} was processed` : 'no such alert fires, so nothing was done',
        alertId: fingerprint,
      },
      took: 0,
      requestId: id,
    });
  }
}

/**
 * The alias that an address names: itself, which clients write with `%2F` for a slash, or by the id
 * of the alert. Of an id that no alert has, the alias is one that no alert has either.
 */
async function aliasOf(c: Context, { ports }: Extract<IngestAccess, { sender: string }>): Promise<string> {
  const identifier = c.req.param('identifier') ?? '';
  if (identifier.length > longestAlias)
    throw new IngestError('body', `alias: expected at most ${longestAlias} characters; received ${identifier.length}`);
  const type = c.req.query('identifierType') ?? 'id';
  switch (type) {
    case 'alias':
      return identifier;
    case 'id':
      return (await ports.store.alert(asFingerprint(identifier)))?.labels['alias'] ?? identifier;
    default:
      throw new IngestError('body', `identifierType: expected alias or id; received ${shown(type)}`);
  }
}
