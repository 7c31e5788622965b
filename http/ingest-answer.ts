import type { Context } from 'hono';
import { IngestError } from '../app/ingest/ingest-result.ts';
import type { IngestBody } from '../app/ingest/read-body.ts';
import { StoreUnavailableError } from '../app/ports/store-errors.ts';
import { endOfTurn } from '../app/yield-to-event-loop.ts';
import { bodyText } from './body-text.ts';
import { notTaken, retryAfterSeconds } from './unavailable.ts';

/** A Function URL accepts at most 6 MB, too. */
export const maxBodyBytes = 5 * 1024 * 1024;

/** A full disk or throttled table: the request itself is fine. */
function isStoreBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ERR_SQLITE_ERROR') || /Throttling|ThroughputExceeded|RequestLimit/.test(error.name);
}

/** Reads an ingest body, and answers as `takenOrWhy` does. */
export async function answerIngest(c: Context, sender: string, take: (body: IngestBody) => Promise<Response>): Promise<Response> {
  const encoding = c.req.header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    return c.json({ error: `expected a body without content encoding; received ${encoding.slice(0, 40)}` }, 415);
  }
  return takenOrWhy(c, async () => {
    const text = await bodyText(c);
    await endOfTurn();
    return take({
      contentType: c.req.header('content-type'),
      ...text,
      idempotencyKey: c.req.header('idempotency-key'),
      sender: sender === 'local' ? undefined : sender,
    });
  });
}

/** Maps errors of `take`: 400, 413 or 422 if a retry cannot help, otherwise 503. */
export async function takenOrWhy(c: Context, take: () => Promise<Response>): Promise<Response> {
  try {
    return await take();
  } catch (error) {
    if (error instanceof StoreUnavailableError) {
      c.header('Retry-After', String(retryAfterSeconds));
      return c.json({ error: notTaken(error) }, 503);
    }
    if (isStoreBusy(error)) {
      c.header('Retry-After', String(retryAfterSeconds));
      return c.json(
        {
          error: 'the store cannot accept records now; send them again (under the same Idempotency-Key nothing counts twice)',
        },
        503,
      );
    }
    if (!(error instanceof IngestError)) throw error;
    if (error.kind === 'size') return c.json({ error: error.message }, 413);
    if (error.kind === 'denied') return c.json({ error: error.message }, 403);
    if (error.kind === 'key') return c.json({ error: error.message }, 422);
    if (error.kind !== 'busy') return c.json({ error: error.message }, 400);
    c.header('Retry-After', '1');
    return c.json({ error: error.message }, 503);
  }
}
