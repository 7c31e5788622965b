import { Hono } from 'hono';
import { ingestChanges } from '../app/ingest/ingest-changes.ts';
import { answerOf } from '../core/telemetry/samples/refusals.ts';
import { bodySize } from './body-size.ts';
import { ingestAccess } from './ingest-access.ts';
import { answerIngest, maxBodyBytes } from './ingest-answer.ts';
import type { HttpOptions } from './options.ts';

/**
 * `POST /v1/changes`: what was deployed, switched or altered; JSON or NDJSON. 200: each that
 * `rejections` does not name counts, or did before. 400: none does, and a retry will not help.
 * Otherwise as for records.
 */
export function changesRoutes(options: HttpOptions): Hono {
  const allowed = ingestAccess(options);
  const limit = bodySize({
    maxSize: maxBodyBytes,
    onError: (c) => c.json({ error: `expected at most ${maxBodyBytes} bytes; send the changes in several requests` }, 413),
  });
  return new Hono().post('/changes', limit, async (c) => {
    const access = await allowed(c, { scope: 'changes', source: undefined });
    if ('refused' in access) return access.refused;
    return answerIngest(c, access.sender, async (body) => {
      const result = await ingestChanges(access.ports, body, options.now());
      const { accepted, duplicates } = result;
      const answer = { accepted, duplicates, ...answerOf(result) };
      return c.json(answer, answer.rejected > 0 && accepted + duplicates === 0 ? 400 : 200);
    });
  });
}
