import type { Context } from 'hono';
import { share } from '../../app/respond/share.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { linkMaker } from '../sign-in/link.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { linkRequestSchema } from './dto/link.ts';
import { timeOf } from './dto/time.ts';

/** `/incidents/ID/link`: a link by which others may look at one incident for a while. */
export async function makeLink(c: Context, options: HttpOptions): Promise<Response> {
  const body = await readBody(c, linkRequestSchema, { example: '{"for": "24h"}' });
  if (!body.ok) return body.refused;
  const person = personOf(c, options, body.value.actor);
  const maker = await linkMaker(c, options);
  if (!maker.ok) return c.json({ error: `${maker.fault}; docs/signing-in.md says how to set it up` }, 409);
  const now = options.now();
  const incident = asIncidentId(c.req.param('id') ?? '');
  const shared = await share(options.ports, { incidentId: incident, durationMs: body.value.for, ...person }, now);
  if (!shared.ok) return refusedAs(c, shared);
  const { message, until } = shared;
  return c.json({ at: timeOf(now), message, url: maker.address({ incident, until }), until: timeOf(until) });
}
