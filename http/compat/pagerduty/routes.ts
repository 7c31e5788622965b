import { type Context, Hono } from 'hono';
import { alertsSource } from '../../../app/ingest/ingest-alerts.ts';
import { noteChanges, refusedTime } from '../../../app/ingest/note-changes.ts';
import { takeEvent } from '../../../app/ingest/take-event.ts';
import { isObject, textIn } from '../../../core/alerting/intakes/events/alert-event.ts';
import { readPagerdutyEvent } from '../../../core/alerting/intakes/events/pagerduty.ts';
import { readPagerdutyChange } from '../../../core/alerting/intakes/events/pagerduty-change.ts';
import { isOwnPagerdutyKey } from '../../../core/response/paging/pagerduty-key.ts';
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
 * PagerDuty's Events API v2: `POST /v2/enqueue` and `/v2/change/enqueue`, also below
 * `/alerts/SOURCE`. The key of a sender is the `routing_key`, or in the header `Authorization`.
 * 202, of an event with `dedup_key`; refusals are `{ status, message, errors }`.
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
    app.post(`${prefix}/v2/change/enqueue`, inShape(pagerdutyShape), limit, (c) => enqueueChange(c));
  }
  return app;

  /** The key is in the body, which is therefore read for whoever sends one of 512 kB. */
  async function eventIn(c: Context, scope: 'alerts' | 'changes') {
    const body = await bodyText(c);
    const source = c.req.param('source') ?? c.req.query('source');
    const sent = body.isUtf8 ? jsonIn(body.text) : undefined;
    const inHeader = c.req.header('authorization') ?? '';
    const key = isObject(sent) ? textIn(sent, 'routing_key') : undefined;
    // Clients of PagerDuty also send a header, which says nothing.
    const given = key === undefined && /^(Bearer|Basic) /i.test(inHeader) ? {} : { key: key ?? noKey };
    return { source, sent, access: await allowed(c, { scope, source, ...given }) };
  }

  async function enqueue(c: Context): Promise<Response> {
    const { source, sent, access } = await eventIn(c, 'alerts');
    if ('refused' in access) return access.refused;
    return answerIngest(c, access.sender, async () => {
      if (sent === undefined) return c.json({ error: 'expected JSON in UTF-8' }, 400);
      const read = readPagerdutyEvent(sent, access.ports.sha256);
      if (!read.ok) return c.json({ error: read.errors.join('; ') }, 400);
      // A contact of Tocsin that leads back to it would open an incident about each incident.
      if (isOwnPagerdutyKey(read.dedupKey, access.ports.config.settings.publicUrl))
        return c.json({ error: 'this event is about an incident of this Tocsin; send it to PagerDuty, and not back' }, 400);
      const taken = await takeEvent(access.ports, source, read.event, senderOf(access), options.now());
      return c.json({ status: 'success', message: `Event processed: ${taken.message}`, dedup_key: read.dedupKey }, 202);
    });
  }

  async function enqueueChange(c: Context): Promise<Response> {
    const { source, sent, access } = await eventIn(c, 'changes');
    if ('refused' in access) return access.refused;
    return answerIngest(c, access.sender, async () => {
      if (sent === undefined) return c.json({ error: 'expected JSON in UTF-8' }, 400);
      const fixed = source === undefined ? {} : alertsSource(access.ports, source).source.labels;
      const read = readPagerdutyChange(sent, fixed);
      const now = options.now();
      const error = read.ok ? refusedTime(access.ports, read.change, now) : read.errors.join('; ');
      if (!read.ok || error !== undefined) return c.json({ error }, 400);
      const { noted } = await noteChanges(access.ports, [read.change], access.sender, now);
      return c.json({ status: 'success', message: `Change event processed${noted === 0 ? ': it was known' : ''}` }, 202);
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

/**
 * Statuses that its clients know: whatever a retry cannot mend is 400, and the key is part of the
 * event.
 */
const pagerdutyShape = ({ status, text }: { status: number; text: string }) => ({
  status: status === 401 || status === 403 || status === 415 || status === 422 ? 400 : status,
  body: {
    status: status === 429 ? 'throttle exceeded' : status >= 500 ? 'unavailable' : 'invalid event',
    message: status >= 500 ? 'Not taken; send it again' : 'Event object is invalid',
    errors: [status === 401 ? "'routing_key' is missing, or is no key that may send here" : text],
  },
});
