import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { IngestError, ingestLabels, ingestPredictions, ingestSamples } from '../app/ingest.ts';
import { sameText } from '../core/signing/hmac.ts';
import type { HttpOptions } from './options.ts';

/** A Function URL takes no more than 6 MB either. */
export const maxBodyBytes = 5 * 1024 * 1024;
/** So many refused records are named one by one. */
const maxListed = 100;

const routes = { '/predictions': ingestPredictions, '/labels': ingestLabels, '/samples': ingestSamples } as const;

/**
 * `POST /v1/predictions`, `/v1/labels` and `/v1/samples`: JSON or NDJSON. 200: every record that is not listed in
 * `rejected` is counted; 400: none was, and sending the same again is of no use; 401, 403: the key; 413: too large;
 * 503: nothing was taken, try again.
 */
export function ingestRoutes({ ports, now, access }: HttpOptions): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: (c) => c.json({ error: `expected at most ${maxBodyBytes} bytes; send the records in several requests` }, 413) }));

  for (const [path, ingest] of Object.entries(routes)) {
    app.post(path, async (c) => {
      const refused = await refusal(c);
      if (refused !== undefined) return refused;
      if (c.req.header('content-encoding') !== undefined) {
        return c.json({ error: `expected a body without content encoding; received ${c.req.header('content-encoding')?.slice(0, 40)}` }, 415);
      }
      const body = { contentType: c.req.header('content-type'), text: await c.req.text(), idempotencyKey: c.req.header('idempotency-key') };
      try {
        const result = await ingest(ports, c.req.query('source'), body, now());
        const { rejected, ...counts } = result;
        const answer = { ...counts, rejected: rejected.length, rejections: rejected.slice(0, maxListed) };
        return c.json(answer, result.accepted + result.duplicates === 0 && rejected.length > 0 ? 400 : 200);
      } catch (error) {
        if (!(error instanceof IngestError)) throw error;
        if (error.kind !== 'busy') return c.json({ error: error.message }, 400);
        c.header('Retry-After', '1');
        return c.json({ error: error.message }, 503);
      }
    });
  }
  return app;

  async function refusal(c: Context): Promise<Response | undefined> {
    const name = ports.config.settings.ingestKey;
    if (name === undefined) {
      if (access === 'local') return undefined;
      return c.json({ error: 'ingest is closed: settings.ingestKey names no secret' }, 403);
    }
    const key = await ports.secrets.get(name);
    if (key === undefined || key === '') {
      ports.log('error', 'the ingest key has no value', { secret: name });
      c.header('Retry-After', '60');
      return c.json({ error: `the secret ${name} has no value` }, 503);
    }
    const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    if (sameText(key, given)) return undefined;
    c.header('WWW-Authenticate', 'Bearer');
    return c.json({ error: 'expected the ingest key as a bearer token: Authorization: Bearer KEY' }, 401);
  }
}
