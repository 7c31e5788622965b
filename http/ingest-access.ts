import type { Context } from 'hono';
import type { Ports } from '../app/ports/ports.ts';
import { type IngestKeyConfig, type IngestScope, ingestScopes } from '../core/access/ingest-keys/ingest-key-schema.ts';
import { isKeyOf, keyIn, refusalOf, valuesIn } from '../core/access/ingest-keys/keys.ts';
import { type Allowance, rateHeaders, takeOne } from '../core/access/ingest-keys/rate.ts';
import { ingestKeysOf } from '../core/config/ingest-keys.ts';
import type { Config } from '../core/config/schema.ts';
import type { HttpOptions } from './options.ts';

export type AccessOptions = {
  ports: Pick<Ports, 'config' | 'secrets' | 'log'>;
  now: () => number;
  access: HttpOptions['access'];
};

/** The response that refuses a request, or the ports as its key may see them. */
export type IngestAccess<P = Ports> = { refused: Response } | { ports: P; sender: string; scopes: readonly IngestScope[] };

/**
 * `key`: what a sender gives in the body, as PagerDuty's `routing_key`; without it the header
 * `Authorization` is read.
 */
type Sent = { scope: IngestScope; source: string | undefined; key?: string };

/**
 * Who may send what. If the config has keys, a request must carry one, in the header
 * `Authorization` (Bearer, GenieKey or password of Basic auth) or in its body: 401 without a valid
 * one, 403 outside its scope, 429 with `Retry-After` above its rate. Without keys, one machine
 * accepts everything and AWS nothing.
 */
export function ingestAccess<P extends AccessOptions['ports']>({ ports, now, access }: AccessOptions & { ports: P }) {
  const keys = ingestKeysOf(ports.config.settings);
  const allowances = new Map<string, Allowance>();

  return async (c: Context, sent: Sent): Promise<IngestAccess<P>> => {
    if (keys.length === 0) {
      if (access === 'local') return { ports, sender: 'local', scopes: ingestScopes };
      return { refused: c.json({ error: 'ingest is closed: settings.ingestKeys has no key' }, 403) };
    }
    const found = await keyOf(c, sent.key);
    if (found instanceof Response) return { refused: found };
    const message = refusalOf(found, sent);
    if (message !== undefined) return { refused: c.json({ error: message }, 403) };
    const over = overRate(c, found);
    return over === undefined
      ? { ports: visibleTo(ports, found), sender: `key:${found.name}`, scopes: found.scope }
      : { refused: over };
  };

  async function keyOf(c: Context, inBody: string | undefined): Promise<IngestKeyConfig | Response> {
    const given = inBody ?? keyIn(c.req.header('authorization') ?? '');
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
      return c.json({ error: `the secret ${empty} has no value; set it where Tocsin runs` }, 503);
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

/** A key restricted to some sources or heartbeats sees no others: its config lacks them. */
function visibleTo<P extends AccessOptions['ports']>(ports: P, key: Pick<IngestKeyConfig, 'sources' | 'heartbeats'>): P {
  if (key.sources === undefined && key.heartbeats === undefined) return ports;
  const { sources, heartbeats } = ports.config;
  const visible: Pick<Config, 'sources' | 'heartbeats'> = {
    sources: named(sources, key.sources),
    heartbeats: named(heartbeats, key.heartbeats),
  };
  return { ...ports, config: { ...ports.config, ...visible } };
}

const named = <T>(all: Record<string, T>, names: readonly string[] | undefined): Record<string, T> =>
  names === undefined ? all : Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
