import { Hono } from 'hono';
import { readDigest } from '../../app/digest/read-digest.ts';
import { timeZone } from '../../core/vocabulary/schema-parts.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseDuration } from '../../core/vocabulary/units.ts';
import type { HttpOptions } from '../options.ts';
import { digestDto } from './dto/digest.ts';

/** A longer one would read more timelines than there is time for. */
const longestMs = 31 * 86_400_000;

/** `/digest`: what happened since a while ago. */
export function digestRoutes({ ports, now }: HttpOptions): Hono {
  return new Hono().get('/', async (c) => {
    const since = c.req.query('since') ?? '7d';
    const ms = parseDuration(since);
    if (ms === undefined || ms === 0 || ms > longestMs)
      return c.json({ error: `expected since as a duration of up to 31d, such as 7d; received ${shown(since)}` }, 400);
    const zone = timeZone.safeParse(c.req.query('timezone') ?? 'UTC');
    if (!zone.success)
      return c.json(
        { error: `expected an IANA time zone, such as Europe/Berlin; received ${shown(c.req.query('timezone'))}` },
        400,
      );
    const at = now();
    return c.json(digestDto(await readDigest(ports, { from: at - ms, to: at, zone: zone.data }), at));
  });
}
