import { type Context, Hono } from 'hono';
import { takeEvent } from '../../../app/ingest/take-event.ts';
import { isObject, textIn } from '../../../core/alerting/intakes/events/alert-event.ts';
import { readPagerdutyEvent } from '../../../core/alerting/intakes/events/pagerduty.ts';
import { bodySize } from '../../body-size.ts';
import { bodyText } from '../../body-text.ts';
import { ingestAccess } from '../../ingest-access.ts';
import { answerIngest } from '../../ingest-answer.ts';
import type { HttpOptions } from '../../options.ts';
import { maxEventBytes } from '../event-bytes.ts';
import { inShape } from '../in-shape.ts';
import { senderOf } from '../sender-of.ts';

/** Matches no key. */
const noKey = ' ';

/**
 * PagerDuty's Events API v2: `POST /v2/enqueue`, also below `/alerts/SOURCE`. The key of a sender is the
 * `routing_key`, or in the header `Authorization`. 202 with `dedup_key`; refusals are `{ status, message, errors }`.
 */
export function pagerdutyRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  const limit = bodySize({
    maxSize: maxEventBytes,
    onError: (c) => c.json({ error: `expected at most ${maxEventBytes} bytes` }, 413),
  });
  for (const prefix of ['', '/alerts/:source']) {
    app.post(`${prefix}/v2/enqueue`, inShape(pagerdutyShape), limit, (c) => enqueue(c));
    app.post(`${prefix}/v2/change/enqueue`, inShape(pagerdutyShape), (c) =>
      c.json({ error: 'Tocsin keeps no change events: this one was not taken' }, 404),
    );
  }
  return app;

  async function enqueue(c: Context): Promise<Response> {
    // The key is in the body, which is therefore read for whoever sends one of 512 kB.
    const body = await bodyText(c);
    const source = c.req.param('source') ?? c.req.query('source');
    const sent = body.isUtf8 ? jsonIn(body.text) : undefined;
    const inHeader = c.req.header('authorization') ?? '';
    const key = isObject(sent) ? textIn(sent, 'routing_key') : undefined;
    // Clients of PagerDuty also send a header, which says nothing.
    const given = key === undefined && /^(Bearer|Basic) /i.test(inHeader) ? {} : { key: key ?? noKey };
    const access = await allowed(c, { scope: 'alerts', source, ...given });
    if ('refused' in access) return access.refused;
    return answerIngest(c, access.sender, async () => {
      if (sent === undefined) return c.json({ error: 'expected JSON in UTF-8' }, 400);
      const read = readPagerdutyEvent(sent, access.ports.sha256);
      if (!read.ok) return c.json({ error: read.errors.join('; ') }, 400);
      const taken = await takeEvent(access.ports, source, read.event, senderOf(access), options.now());
      return c.json({ status: 'success', message: `Event processed: ${taken.message}`, dedup_key: read.dedupKey }, 202);
    });
  }
}

/** Undefined for what is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Statuses that its clients know: whatever a retry cannot mend is 400, and the key is part of the event. */
const pagerdutyShape = ({ status, text }: { status: number; text: string }) => ({
  status: status === 401 || status === 403 || status === 415 || status === 422 ? 400 : status,
  body: {
    status: status === 429 ? 'throttle exceeded' : status >= 500 ? 'unavailable' : 'invalid event',
    message: status >= 500 ? 'Not taken; send it again' : 'Event object is invalid',
    errors: [status === 401 ? "'routing_key' is missing, or is no key that may send here" : text],
  },
});
