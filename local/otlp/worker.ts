/**
 * The thread that receives OTLP: its own HTTP server, decoding, and its own file. A burst of points
 * costs the pager nothing but what it asks.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { OtlpBody, OtlpOutcome } from '../../app/ports/telemetry.ts';
import type { Config } from '../../core/config/schema.ts';
import { guard } from '../../http/guard.ts';
import { otlpRoutes } from '../../http/otlp.ts';
import { telemetryFile } from '../../stores/telemetry/index.ts';
import type { Asked, Told, WorkerStart } from './messages.ts';
import { receiver } from './receiver.ts';

const tidyMs = 10_000;
const healthMs = 2_000;
/** An answer to a sender under way may take so long at the end. */
const graceMs = 2_000;

const { path, sources, ingestKeys, maxFuture, port, ahead } = workerData as WorkerStart;
const main = parentPort;
if (main === null) throw new Error('this is a worker');
const tell = (told: Told): void => main.postMessage(told);
const now = (): number => Date.now() + ahead;
const log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown> = {}): void =>
  tell({ kind: 'log', level, message, fields });

const file = telemetryFile({
  path,
  now: now(),
  onDamage: (what) => log('error', 'a record of OTLP metrics cannot be read, and is left out', { record: what }),
});
const own = receiver({ file, sources, maxFuture, now, log });

/** Secrets are asked of the main thread, which knows where they are. */
const secrets = new Map<number, (value: string | undefined) => void>();
let asked = 0;
const secretOf = (name: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    asked += 1;
    secrets.set(asked, resolve);
    tell({ kind: 'secret', id: asked, name });
  });

/** Writes early if there is much to write. */
async function take(body: OtlpBody): Promise<OtlpOutcome> {
  const outcome = await own.take(body);
  if (own.isFull()) own.tidy();
  return outcome;
}

main.on('message', (message: Asked) => {
  switch (message.kind) {
    case 'take':
      take(message.body).then(
        (outcome) => tell({ kind: 'took', id: message.id, outcome }),
        (error: unknown) => tell({ kind: 'failed', id: message.id, error: String(error) }),
      );
      return;
    case 'query':
      try {
        tell({ kind: 'answer', id: message.id, results: own.query(message.source, message.questions) });
      } catch (error) {
        tell({ kind: 'failed', id: message.id, error: String(error) });
      }
      return;
    case 'secret':
      secrets.get(message.id)?.(message.value);
      secrets.delete(message.id);
      return;
    case 'close':
      void close();
      return;
    default:
      message satisfies never;
  }
});

const tidying = setInterval(() => own.tidy(), tidyMs);
const telling = setInterval(() => {
  tell({ kind: 'health', health: own.health() });
}, healthMs);

const { server, notListening } = port === undefined ? {} : await listen(port);
tell({
  kind: 'ready',
  health: own.health(),
  listening: (server?.address() as AddressInfo | null | undefined)?.port,
  notListening,
});

/** Only this machine reaches it. */
async function listen(wanted: number) {
  const config = { settings: { ingestKeys }, sources } as unknown as Config;
  const app = new Hono();
  // A page in a browser whose name leads here is none of this machine.
  app.use(guard({ publicUrl: `http://127.0.0.1:${wanted}`, access: 'local' }));
  app.route('/v1', otlpRoutes({ ports: { config, secrets: { get: secretOf }, log }, now, access: 'local', otlp: { take } }));
  app.notFound((c) =>
    c.json({ error: `nothing found at ${c.req.method} ${c.req.path}; OTLP metrics go to POST /v1/metrics` }, 404),
  );
  const listening = serve({ fetch: app.fetch, port: wanted, hostname: '127.0.0.1' });
  try {
    await once(listening, 'listening');
    return { server: listening };
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'something else listens there' : (error as Error).message;
    return { notListening: why };
  }
}

async function close(): Promise<void> {
  clearInterval(tidying);
  clearInterval(telling);
  if (server !== undefined) {
    const late = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), graceMs);
    await new Promise((closed) => {
      server.close(closed);
      if ('closeIdleConnections' in server) server.closeIdleConnections();
    });
    clearTimeout(late);
  }
  own.close();
  main?.close();
}
