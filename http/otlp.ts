import { type Context, Hono } from 'hono';
import type { OtlpReceiver } from '../app/ports/telemetry.ts';
import { answerJson, answerProtobuf, type OtlpAnswer, statusOf } from '../core/telemetry/otlp/response.ts';
import { sourcesOf } from '../core/telemetry/sources/sources-of.ts';
import { shown } from '../core/vocabulary/shown.ts';
import { bodySize } from './body-size.ts';
import { type AccessOptions, ingestAccess } from './ingest-access.ts';
import { maxBodyBytes } from './ingest-answer.ts';

/**
 * Requests that are being read or wait for their answer. SDKs send one at a time, collectors ten.
 */
const mostAtOnce = 64;
const busySeconds = 2;

const formats: Readonly<Record<string, 'protobuf' | 'json'>> = {
  'application/x-protobuf': 'protobuf',
  'application/json': 'json',
};

/**
 * `POST /v1/metrics`: OTLP/HTTP, in protobuf or JSON, plain or in gzip; the answer is in the
 * encoding of the request. 200: all points count but those of a partial success. 400, 413, 415:
 * none does, and sending them again will not help. 401, 403: the key. 429, 503: later, after
 * `Retry-After`, which is below the 10 s that SDKs wait. Points that are sent again count once.
 *
 * `/v1/logs` and `/v1/traces`: 404, so that nobody believes they are kept.
 */
export function otlpRoutes(options: AccessOptions & { otlp?: Pick<OtlpReceiver, 'take'> | undefined }): Hono {
  const app = new Hono();
  const allowed = ingestAccess(options);
  let atOnce = 0;

  for (const signal of ['logs', 'traces']) {
    app.post(`/${signal}`, (c) =>
      refused(c, 404, `Tocsin takes no ${signal} by OTLP, only metrics at /v1/metrics; nothing was kept`),
    );
  }
  app.post(
    '/metrics',
    async (c, next) => {
      if (formatOf(c) === undefined) {
        return refused(
          c,
          415,
          `expected the content type application/x-protobuf or application/json; received ${sent(c, 'content-type')}`,
        );
      }
      if (!['identity', 'gzip'].includes(encodingOf(c))) {
        return refused(c, 415, `expected the content encoding gzip, or none; received ${sent(c, 'content-encoding')}`);
      }
      return next();
    },
    bodySize({
      maxSize: maxBodyBytes,
      onError: (c) => refused(c, 413, `expected at most ${maxBodyBytes} bytes; send less at once, or in gzip`),
    }),
    async (c) => {
      const asked = c.req.query('source');
      const access = await allowed(c, { scope: 'metrics', source: asked });
      if ('refused' in access) return translated(c, access.refused);
      const { otlp } = options;
      if (otlp === undefined) return refused(c, 404, 'no OTLP metrics are received here; nothing was kept');
      const names = sourcesOf(access.ports.config, 'otlp').map(({ name }) => name);
      const [source = ''] = asked === undefined ? names : names.filter((name) => name === asked);
      if (names.length === 0) return refused(c, 404, 'no source of the kind otlp is in the config; add one to config/');
      if (source === '')
        return refused(c, 400, `expected one of the otlp sources ${names.join(', ')} as ?source=; received ${shown(asked)}`);
      if (asked === undefined && names.length > 1)
        return refused(c, 400, `several otlp sources: name one of ${names.join(', ')} with ?source=`);
      // Counted after the key was looked at, so that nobody without one takes a place.
      if (atOnce >= mostAtOnce) return later(c, 429, busySeconds, 'too many requests at once; send it again');
      atOnce += 1;
      try {
        return await taken(c, otlp, source);
      } finally {
        atOnce -= 1;
      }
    },
  );
  app.onError((error, c) => {
    // SDKs drop what is answered with 500.
    options.ports.log('error', 'a request with OTLP metrics failed', { error: String(error) });
    return later(c, 503, busySeconds, 'the points could not be taken now; send them again, and nothing counts twice');
  });
  return app;
}

async function taken(c: Context, otlp: Pick<OtlpReceiver, 'take'>, source: string): Promise<Response> {
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const outcome = await otlp.take({ source, format: formatOf(c) ?? 'protobuf', isCompressed: encodingOf(c) === 'gzip', bytes });
  if (outcome.kind === 'taken') return answered(c, 200, { ...outcome, kind: 'success' });
  if (outcome.kind === 'later') return later(c, outcome.why === 'busy' ? 429 : 503, outcome.seconds, outcome.message);
  return refused(c, outcome.why === 'size' ? 413 : 400, outcome.message);
}

const sent = (c: Context, header: string): string => (c.req.header(header) ?? 'none').slice(0, 60);
const encodingOf = (c: Context): string => (c.req.header('content-encoding') ?? 'identity').trim().toLowerCase();
const formatOf = (c: Context) => formats[(c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''];

type Refusal = 400 | 401 | 403 | 404 | 413 | 415 | 429 | 503;

const refused = (c: Context, status: Refusal, message: string): Response => answered(c, status, statusOf(status, message));

function later(c: Context, status: 429 | 503, seconds: number, message: string): Response {
  c.header('Retry-After', String(seconds));
  return refused(c, status, message);
}

function answered(c: Context, status: 200 | Refusal, answer: OtlpAnswer): Response {
  if (formatOf(c) !== 'protobuf') return c.json(answerJson(answer), status);
  return c.body(answerProtobuf(answer).slice().buffer, status, { 'content-type': 'application/x-protobuf' });
}

/** What the key's check answered, in the sender's encoding; its headers stay. */
async function translated(c: Context, response: Response): Promise<Response> {
  const { error = '' } = (await response.json()) as { error?: string };
  const own = answered(c, response.status as Refusal, statusOf(response.status, error));
  const wait = response.headers.get('retry-after');
  // Above ten seconds an SDK gives up at once.
  if (wait !== null) own.headers.set('Retry-After', String(Math.min(Number(wait), 9)));
  for (const header of ['www-authenticate', 'ratelimit', 'ratelimit-policy']) {
    const value = response.headers.get(header);
    if (value !== null) own.headers.set(header, value);
  }
  return own;
}
