import { type Context, Hono } from 'hono';
import { ingestRemoteWrite, type Written } from '../app/ingest/remote-write.ts';
import { WriteError } from '../core/telemetry/remote-write/unpacked.ts';
import { answerOf } from '../core/telemetry/samples/refusals.ts';
import { bodySize } from './body-size.ts';
import { ingestAccess } from './ingest-access.ts';
import { maxBodyBytes, takenOrWhy } from './ingest-answer.ts';
import type { HttpOptions } from './options.ts';

/**
 * `POST /api/v1/write`, and `/api/v1/push` as Mimir has it: Prometheus remote-write 1.0 into a
 * source of samples (`?source=`, if there are several). 200: all that has a value counts. 400: the
 * listed samples are refused, the others count; the sender drops them. 401, 403: the key. 413: too
 * large. 415: another version or encoding. 503: passing trouble, also above the rate of the key,
 * because Prometheus drops what is answered with 429.
 *
 * https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function remoteWriteRoutes(options: HttpOptions): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  const limit = bodySize({
    maxSize: maxBodyBytes,
    onError: (c) => c.json({ error: `expected at most ${maxBodyBytes} bytes; lower max_samples_per_send` }, 413),
  });
  for (const path of ['/write', '/push']) {
    app.post(path, limit, async (c) => {
      const source = c.req.query('source');
      const access = await allowed(c, { scope: 'samples', source });
      if ('refused' in access) return access.refused.status === 429 ? later(access.refused) : access.refused;
      const other = otherProtocol(c);
      if (other !== undefined) return c.json({ error: other }, 415);
      return takenOrWhy(c, async () => {
        const bytes = new Uint8Array(await c.req.arrayBuffer());
        const sender = access.sender === 'local' ? undefined : access.sender;
        try {
          return answered(c, options, await ingestRemoteWrite(access.ports, source, { bytes, sender }, options.now()));
        } catch (error) {
          if (!(error instanceof WriteError)) throw error;
          return c.json({ error: error.message }, error.isTooLarge ? 413 : 400);
        }
      });
    });
  }
  return app;
}

/** What to send instead, if it is no remote-write 1.0. A sender of 2.0 then sends 1.0. */
function otherProtocol(c: Context): string | undefined {
  const encoding = c.req.header('content-encoding') ?? 'none';
  if (encoding.toLowerCase() !== 'snappy') return `expected Content-Encoding: snappy; received ${encoding.slice(0, 40)}`;
  const [type = '', ...parameters] = (c.req.header('content-type') ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/x-protobuf')
    return `expected Content-Type: application/x-protobuf; received ${type.slice(0, 60) || 'none'}`;
  const proto = parameters.map((one) => one.trim()).find((one) => one.startsWith('proto='));
  const version = c.req.header('x-prometheus-remote-write-version') ?? '0.1.0';
  const isOther = proto !== undefined && proto !== 'proto=prometheus.writerequest';
  if (!isOther && !/^[2-9]/.test(version)) return undefined;
  const received = isOther ? proto : `version ${version}`;
  return `expected remote-write 1.0 (proto=prometheus.WriteRequest); received ${received.slice(0, 60)}`;
}

/** Prometheus writes the beginning of a refusal into its log. */
function answered(c: Context, { ports }: HttpOptions, written: Written): Response {
  const { accepted, repeated, without } = written;
  const answer = { accepted, repeated, withoutValue: without.nan + without.stale, ...answerOf(written) };
  const [first] = written.rejected;
  if (first === undefined) return c.json(answer, 200);
  ports.log('warn', 'samples of a remote write were refused', { refused: answer.rejected, first: first.reason, accepted });
  return c.json({ error: first.reason, ...answer }, 400);
}

/** Prometheus drops samples that are answered with 429, unless it is told otherwise. */
const later = (refused: Response): Response => new Response(refused.body, { status: 503, headers: refused.headers });
