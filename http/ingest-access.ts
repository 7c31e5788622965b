import type { Context } from 'hono';
import type { Ports } from '../app/ports/ports.ts';
import type { IngestKeyConfig, IngestScope } from '../core/access/ingest-keys/ingest-key-schema.ts';
import { isKeyOf, keyIn, refusalOf, valuesIn } from '../core/access/ingest-keys/keys.ts';
import { type Allowance, rateHeaders, takeOne } from '../core/access/ingest-keys/rate.ts';
import { ingestKeysOf } from '../core/config/ingest-keys.ts';
import type { Config } from '../core/config/schema.ts';
import type { HttpOptions } from './options.ts';

/** The response that refuses a request, or the ports as its key may see them. */
export type IngestAccess = { refused: Response } | { ports: Ports; sender: string };

/**
 * Who may send what. If the config has keys, a request must carry one, as bearer token or as
 * password of Basic auth: 401 without a valid one, 403 outside its scope, 429 with `Retry-After` above its rate. Without keys, one
 * machine accepts everything and AWS nothing.
 */
export function ingestAccess({ ports, now, access }: HttpOptions) {
  const keys = ingestKeysOf(ports.config.settings);
  const allowances = new Map<string, Allowance>();

  return async (c: Context, sent: { scope: IngestScope; source: string | undefined }): Promise<IngestAccess> => {
    if (keys.length === 0) {
      if (access === 'local') return { ports, sender: 'local' };
      return { refused: c.json({ error: 'ingest is closed: settings.ingestKeys has no key' }, 403) };
    }
    const found = await keyOf(c);
    if (found instanceof Response) return { refused: found };
    const message = refusalOf(found, sent);
    if (message !== undefined) return { refused: c.json({ error: message }, 403) };
    const over = overRate(c, found);
    return over === undefined ? { ports: withSources(ports, found.sources), sender: `key:${found.name}` } : { refused: over };
  };

  async function keyOf(c: Context): Promise<IngestKeyConfig | Response> {
    const given = keyIn(c.req.header('authorization') ?? '');
    let found: IngestKeyConfig | undefined;
    let empty: string | undefined;
    for (const key of keys) {
      const secret = (await ports.secrets.get(key.secret)) ?? '';
      if (valuesIn(secret).length === 0) empty ??= key.secret;
      else if (isKeyOf(secret, given)) found ??= key;
    }
    if (found !== undefined) return found;
    if (empty !== undefined) {
      ports.log('error', 'the ingest key has no value', { secret: empty });
      c.header('Retry-After', '60');
      return c.json({ error: `the secret ${empty} has no value` }, 503);
    }
    c.header('WWW-Authenticate', 'Bearer, Basic realm="tocsin"');
    const ways = 'as a bearer token (Authorization: Bearer KEY) or as the password of Basic auth';
    return c.json({ error: `expected the ingest key ${ways}` }, 401);
  }

  /** Each process counts for itself, and only the config's keys. */
  function overRate(c: Context, { name, ratePerMinute }: IngestKeyConfig): Response | undefined {
    if (ratePerMinute === undefined) return undefined;
    const rate = takeOne(allowances.get(name), ratePerMinute, now());
    allowances.set(name, rate.next);
    for (const [header, value] of Object.entries(rateHeaders(name, ratePerMinute, rate))) c.header(header, value);
    if (rate.ok) return undefined;
    c.header('Retry-After', String(rate.seconds));
    return c.json({ error: `key ${name} may send ${ratePerMinute} requests per minute; retry in ${rate.seconds} s` }, 429);
  }
}

/** A key restricted to some sources sees no others: its config lacks them. */
function withSources(ports: Ports, names: readonly string[] | undefined): Ports {
  if (names === undefined) return ports;
  const sources: Config['sources'] = Object.fromEntries(
    Object.entries(ports.config.sources).filter(([name]) => names.includes(name)),
  );
  return { ...ports, config: { ...ports.config, sources } };
}
