import { setTimeout as pause } from 'node:timers/promises';
import type * as z from 'zod';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { batchRefusedSchema, batchTakenSchema } from '../../http/openapi/wire/ingest-answers.ts';
import { StartError } from '../../local/start-error.ts';

export type Batch = { path: '/v1/predictions' | '/v1/labels' | '/v1/samples'; source: string; key: string; body: string };

/** What became of a batch; `reason`: of the first record that was refused. */
export type Sent = { accepted: number; duplicates: number; rejected: number; reason?: string };

/** A service that is busy says when to come back. */
const maxTries = 20;
const longestPauseMs = 30_000;

/** An answer of the service, whose body may be no JSON. */
export type Answer = { status: number; json: unknown };

/**
 * Posts a body to a running service, as a sender would: with the ingest key of TOCSIN_INGEST_KEY,
 * and again while the service is busy. Throws StartError when nobody answers.
 */
export async function post(base: string, path: string, body: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const ingestKey = process.env['TOCSIN_INGEST_KEY'] || undefined;
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(new URL(path, base), {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...headers,
        ...(ingestKey === undefined ? {} : { Authorization: `Bearer ${ingestKey}` }),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(60_000),
    }).catch((cause: Error) => {
      throw new StartError(`${base} does not answer; start the service with: tocsin start`, { cause });
    });
    const json: unknown = await response.json().catch(() => undefined);
    if ((response.status === 429 || response.status === 503) && tries < maxTries) {
      const seconds = Number(response.headers.get('Retry-After') ?? 1);
      // Once is usual while the service is busy.
      if (tries === 2) process.stderr.write(`${base} answers ${response.status}: ${oneLine(errorIn(json))}; it is tried again\n`);
      await pause(Math.min(longestPauseMs, 1000 * (Number.isFinite(seconds) ? seconds : 1)));
      continue;
    }
    if (response.status === 401 || response.status === 403)
      throw new StartError(`${base} answers ${response.status}: the ingest key of the source goes into TOCSIN_INGEST_KEY`);
    return { status: response.status, json };
  }
}

const errorIn = (json: unknown): string =>
  typeof json === 'object' && json !== null && 'error' in json && typeof json.error === 'string'
    ? json.error
    : 'no reason is given';

/**
 * Sends batches of records to a running service, each under its key. Throws StartError when it does
 * not take them at all.
 */
export const senderTo =
  (base: string): ((batch: Batch) => Promise<Sent>) =>
  async ({ path, source, key, body }) => {
    const { status, json } = await post(base, `${path}?source=${encodeURIComponent(source)}`, body, { 'Idempotency-Key': key });
    return sentOf(base, status, json);
  };

function sentOf(base: string, status: number, json: unknown): Sent {
  const parsed = (status === 200 ? batchTakenSchema : batchRefusedSchema).safeParse(json);
  if (!parsed.success || status > 400) throw new StartError(`${base} answers ${status}: ${JSON.stringify(json)?.slice(0, 500)}`);
  const answer: z.output<typeof batchTakenSchema> | z.output<typeof batchRefusedSchema> = parsed.data;
  if ('error' in answer) throw new StartError(`${base} answers ${status}: ${answer.error}`);
  const reason = answer.rejections[0]?.reason;
  const { accepted, duplicates, rejected } = answer;
  return { accepted, duplicates, rejected, ...(reason === undefined ? {} : { reason }) };
}
